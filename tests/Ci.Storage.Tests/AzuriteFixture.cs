using Ci.Storage.AzureBlobs;
using Ci.Testing.Stores;

namespace Ci.Storage.Tests;

/// <summary>One azurite for all tests of a run; each takes containers of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private int containers;
    private Azurite? azurite;

    internal Azurite Server => this.azurite!;

    public async Task InitializeAsync() => this.azurite = await Azurite.StartAsync();

    public Task DisposeAsync()
    {
        this.azurite?.Dispose();
        return Task.CompletedTask;
    }

    internal string NewContainer() => $"container{Interlocked.Increment(ref this.containers)}";

    internal BlobLocation Location(string path, string? endpoint = null, params (string Key, string Value)[] settings) => new($"azure://{path}")
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["connection_string"] = Azurite.ConnectionStringAt(endpoint ?? this.Server.Endpoint) }
            .Concat(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).ToDictionary(StringComparer.Ordinal),
    };

    internal AzureBlobStore NewStore(string path = "") => AzureBlobStore.Of(this.Location(this.NewContainer() + path), null, pageSize: 500);
}
