using Ci.Storage.S3;
using Ci.Testing.Stores;

namespace Ci.Storage.Tests;

/// <summary>s3rver and the strict simulator, one each for all tests of a run; each test takes a folder of its own.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    private int folders;
    private S3Rver? rver;
    private S3Simulator? simulator;

    public async Task InitializeAsync()
    {
        this.rver = await S3Rver.StartAsync("bucket");
        this.simulator = await S3Simulator.StartAsync();
    }

    public async Task DisposeAsync()
    {
        this.rver?.Dispose();
        if (this.simulator is not null)
            await this.simulator.DisposeAsync();
    }

    internal S3BlobStore NewRverStore() => S3BlobStore.Of(Location($"s3://bucket/f{Interlocked.Increment(ref this.folders)}", this.rver!.Endpoint, S3Rver.AccessKeyId, S3Rver.SecretAccessKey));

    internal S3BlobStore NewSimulatorStore() => S3BlobStore.Of(Location(
        $"s3://{S3Simulator.Bucket}/f{Interlocked.Increment(ref this.folders)}", this.simulator!.Endpoint, S3Simulator.AccessKeyId, S3Simulator.SecretAccessKey));

    internal static BlobLocation Location(string address, string endpoint, string id, string secret) => new(address)
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["endpointurl"] = endpoint, ["access_key_id"] = id, ["secret_access_key"] = secret },
    };
}
