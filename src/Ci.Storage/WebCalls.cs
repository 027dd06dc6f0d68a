using System.Net;
using System.Net.Security;

namespace Ci.Storage;

/// <summary>What every store behind a web service does alike: connections, limits of time, and telling the transient from the terminal.</summary>
internal static class WebCalls
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    // A body is given time as if it crossed at least this slow a line.
    private const int SlowestBytesPerSecond = 32 << 10;

    /// <summary>A client without a limit of its own: <see cref="SendAsync"/> limits each call.</summary>
    public static HttpClient NewClient(TimeSpan? connect = null, RemoteCertificateValidationCallback? certificates = null, ICredentials? credentials = null, IWebProxy? proxy = null) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = connect ?? ConnectPatience,
        MaxAutomaticRedirections = 5,
        Credentials = credentials,
        Proxy = proxy,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = certificates },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a request; returns when the headers of the answer are there.</summary>
    /// <exception cref="StorageUnavailableException">The service was not reached, or did not answer in time.</exception>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, TimeSpan patience, string store, string what, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience + TimeSpan.FromSeconds((request.Content?.Headers.ContentLength ?? 0) / SlowestBytesPerSecond));
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (HttpRequestException error) when (error.InnerException is System.Security.Authentication.AuthenticationException)
        {
            throw new StorageRefusedException($"{store} shows a certificate that this machine does not trust: {error.InnerException.Message}", error);
        }
        catch (Exception error) when (error is HttpRequestException or System.Net.Sockets.SocketException)
        {
            throw new StorageUnavailableException($"cannot reach {store} for {what}: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new StorageUnavailableException($"the connection to {store} broke while asking for {what}: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw new StorageUnavailableException($"{store} did not answer in time for {what}", error);
        }
    }

    public static bool IsTransient(int status) => status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    /// <summary>How long the service asks to be left alone.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is { } positive && positive > TimeSpan.Zero ? positive : null;
    }

    /// <summary>Up to 64 KiB of an answer's text: error bodies are read, never trusted to be short.</summary>
    public static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken ct)
    {
        const int most = 64 << 10;
        try
        {
            await using var body = new BodyStream(await response.Content.ReadAsStreamAsync(ct), response, Patience, "the answer");
            var buffer = new byte[most];
            var length = await body.ReadAtLeastAsync(buffer, most, throwOnEndOfStream: false, ct);
            return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return "";
        }
    }

    /// <summary>Throws where the bytes of an answer are not the blob's own, but packed: their length and ranges mean something else.</summary>
    /// <exception cref="StorageUnavailableException">They are: something on the way packs what it passes on.</exception>
    public static void NeedPlain(HttpResponseMessage response, string key, string store)
    {
        if (response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            throw new StorageUnavailableException($"{store} sent `{key}` packed ({string.Join(", ", response.Content.Headers.ContentEncoding)}), which nobody asked for; something on the way changes what passes");
    }

    /// <summary>Throws unless a partial answer is of exactly this range, as far as the blob reaches.</summary>
    /// <exception cref="StorageUnavailableException">It is another.</exception>
    public static void NeedRange(HttpResponseMessage response, long offset, long length, string key, string store)
    {
        var range = response.Content.Headers.ContentRange;
        var whole = range?.From == offset && range.To is { } to && (to == offset + length - 1 || (to < offset + length - 1 && range.Length == to + 1));
        if (!whole || (response.Content.Headers.ContentLength is { } sent && sent != range!.To - range.From + 1))
            throw new StorageUnavailableException($"{store} answered another range of `{key}` than was asked for ({range?.ToString() ?? "none"} instead of {offset} to {offset + length - 1})");
    }

    /// <summary>The offset of a partial answer must be the one that was asked for.</summary>
    public static bool BeginsAt(HttpResponseMessage response, long offset) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == offset;
}
