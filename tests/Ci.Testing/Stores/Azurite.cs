using System.Text.RegularExpressions;

namespace Ci.Testing.Stores;

/// <summary>Azurite, Microsoft's emulator of Azure Storage, in memory on a free loopback port.</summary>
public sealed partial class Azurite : IDisposable
{
    /// <summary>The emulator's well-known account.</summary>
    public const string Account = "devstoreaccount1";

    /// <summary>The emulator's well-known key.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly NodeServer server;

    private Azurite(NodeServer server) => this.server = server;

    /// <summary>The blob service of the account.</summary>
    public string Endpoint => $"{this.server.Address.GetLeftPart(UriPartial.Authority)}/{Account}";

    public int Port => this.server.Address.Port;

    public string ConnectionString => ConnectionStringAt(this.Endpoint);

    public static string ConnectionStringAt(string endpoint) => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={endpoint};";

    public static async Task<Azurite> StartAsync() => new(await NodeServer.StartAsync(
        "azurite", "dist/src/blob/main.js", ["--silent", "--inMemoryPersistence", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", "0"], Listens()));

    public void Dispose() => this.server.Dispose();

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listens();
}
