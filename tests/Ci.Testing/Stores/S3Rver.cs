using System.Text.RegularExpressions;

namespace Ci.Testing.Stores;

/// <summary>
/// s3rver, a small S3 of another project, which checks signatures; on a free loopback port, with a folder of its own. It knows no
/// conditional puts, like many services that call themselves compatible.
/// </summary>
public sealed partial class S3Rver : IDisposable
{
    /// <summary>The only key that it knows.</summary>
    public const string AccessKeyId = "S3RVER";

    /// <summary>And its secret.</summary>
    public const string SecretAccessKey = "S3RVER";

    private readonly NodeServer server;
    private readonly TemporaryFolder folder;

    private S3Rver(NodeServer server, TemporaryFolder folder) => (this.server, this.folder) = (server, folder);

    public string Endpoint => this.server.Address.GetLeftPart(UriPartial.Authority);

    // The tokens by which it continues a list are encrypted by DES, which OpenSSL 3 holds back.
    public static async Task<S3Rver> StartAsync(params string[] buckets)
    {
        var own = new TemporaryFolder();
        string[] made = [.. buckets.SelectMany(bucket => new[] { "--configure-bucket", bucket })];
        return new S3Rver(await NodeServer.StartAsync("s3rver", "bin/s3rver.js", ["--port", "0", "--address", "127.0.0.1", "--directory", own.Path, "--silent", .. made], Listens(), "--openssl-legacy-provider"), own);
    }

    public void Dispose()
    {
        this.server.Dispose();
        this.folder.Dispose();
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex Listens();
}
