using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Ci.Testing.Stores;

namespace Ci.Testing.Network;

/// <summary>
/// Prism between client and server: every request and answer is held to an OpenAPI description. What does not fit stands in the answer's
/// header <c>sl-violations</c>; what the description does not know at all, prism answers itself.
/// </summary>
public sealed partial class PrismProxy : IDisposable
{
    private readonly NodeServer server;
    private readonly TemporaryFolder folder;

    private PrismProxy(NodeServer server, TemporaryFolder folder) => (this.server, this.folder) = (server, folder);

    public Uri Address => this.server.Address;

    /// <summary>Starts it before a server; takes some seconds.</summary>
    public static async Task<PrismProxy> StartAsync(string description, Uri upstream)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        var place = new TemporaryFolder();
        try
        {
            var file = place.Write("description.json", description);
            string[] arguments = ["proxy", file, upstream.GetLeftPart(UriPartial.Authority), "--host", "127.0.0.1", "--port", $"{FreePort()}"];
            return new PrismProxy(await NodeServer.StartAsync("@stoplight/prism-cli", "dist/index.js", arguments, Listens()), place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        this.server.Dispose();
        this.folder.Dispose();
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
