using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Ci.Testing.Stores;

namespace Ci.Testing.Forge;

/// <summary>
/// Prism before the simulator: every request and every answer must be as GitHub's own OpenAPI description says, or the client gets
/// prism's error instead (422 for the request, 500 for the answer).
/// </summary>
public sealed partial class ValidatingProxy : IDisposable
{
    private readonly NodeServer server;
    private readonly TemporaryFolder folder;

    private ValidatingProxy(NodeServer server, TemporaryFolder folder) => (this.server, this.folder) = (server, folder);

    /// <summary>The root of the API, as api.github.com is one.</summary>
    public Uri ApiUrl => this.server.Address;

    /// <summary>Starts it before a forge's API; takes some seconds.</summary>
    public static async Task<ValidatingProxy> StartAsync(Uri upstream)
    {
        var place = new TemporaryFolder();
        var description = place.Of("github.json");
        Run("description.mjs", "trim", description);
        var node = await NodeServer.StartAsync(
            "@stoplight/prism-cli", "dist/index.js",
            ["proxy", description, upstream.AbsoluteUri, "--errors", "--host", "127.0.0.1", "--port", $"{FreePort()}"], Listens());
        return new ValidatingProxy(node, place);
    }

    public void Dispose()
    {
        this.server.Dispose();
        this.folder.Dispose();
    }

    /// <summary>Runs one of the scripts beside this file; throws what it wrote where it fails.</summary>
    public static string Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [RepositoryRoot.At("tests", "Ci.Testing", "Forge", "OpenApi", script), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = RepositoryRoot.At("build", "npm", "node_modules");
        using var node = Process.Start(start)!;
        var error = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        return node.ExitCode == 0 ? output : throw new InvalidOperationException($"{script}: {output}{error.Result}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"listening on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listens();
}
