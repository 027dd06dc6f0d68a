using System.Globalization;
using System.Net.Http.Headers;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Ci.EdgeAgent.Fetching;

/// <summary>
/// Gives this device's verified objects to its neighbours: <c>GET /objects/sha256/DIGEST</c>, with ranges, and nothing else. It lists nothing
/// and takes nothing; who asks must know a digest, and who receives checks it.
/// </summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private const string Prefix = "/objects/sha256/";
    private const int MostConnections = 16;
    private readonly WebApplication app;

    private PeerListener(WebApplication app, string address) => (this.app, Address) = (app, address);

    public string Address { get; }

    public static async Task<PeerListener> StartAsync(string listen, ObjectStore objects, IDeviceFiles files, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(listen);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        var built = builder.Build();
        built.Run(context => AnswerAsync(context, objects, files));
        try
        {
            await built.StartAsync(ct);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await built.DisposeAsync();
            throw new EdgeAgentException($"cannot serve peers on {listen}: {error.Message}; choose another `fetch.peerListen`", error);
        }

        return new PeerListener(built, built.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, ObjectStore objects, IDeviceFiles files)
    {
        var (request, response) = (context.Request, context.Response);
        var path = request.Path.Value ?? "";
        var hex = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : "";
        if (request.Method is not ("GET" or "HEAD"))
        {
            response.StatusCode = 405;
            return;
        }

        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigitLower) || files.Length(objects.PathOf(hex)) is not { } length)
        {
            response.StatusCode = 404;
            return;
        }

        var etag = $"\"{hex}\"";
        if (request.Headers.IfMatch is [{ } wanted] && wanted != etag)
        {
            response.StatusCode = 412;
            return;
        }

        var (from, count) = Range(request.Headers.Range, length);
        response.StatusCode = count is null ? 200 : 206;
        if (count is not null)
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + count - 1}/{length}");
        response.Headers.ETag = etag;
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "application/octet-stream";
        response.ContentLength = count ?? length;
        if (request.Method == "GET")
            await SendAsync(response, files, objects.PathOf(hex), from, count ?? length, context.RequestAborted);
    }

    // What cannot be understood is answered by the whole, as the standard has it.
    private static (long From, long? Count) Range(string? header, long length)
    {
        if (header is null || !RangeHeaderValue.TryParse(header, out var parsed) || parsed.Unit != "bytes" || parsed.Ranges.Count != 1)
            return (0, null);
        var range = parsed.Ranges.First();
        if (range.From is not { } from || from >= length)
            return (0, null);
        return (from, Math.Min(range.To ?? (length - 1), length - 1) - from + 1);
    }

    private static async Task SendAsync(HttpResponse response, IDeviceFiles files, string path, long from, long count, CancellationToken ct)
    {
        await using var stream = files.OpenRead(path);
        stream.Position = from;
        var buffer = new byte[1 << 16];
        for (var left = count; left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), ct);
            if (read == 0)
                return;
            await response.Body.WriteAsync(buffer.AsMemory(0, read), ct);
            left -= read;
        }
    }
}
