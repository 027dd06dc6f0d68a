using System.Net;
using System.Net.Http.Headers;

namespace Ci.Storage.Http;

/// <summary>
/// Blobs behind a plain web server or a static site, for reading: HEAD for facts, GET with ranges for bytes, ETags as the server gives
/// them. Listing and writing are refused, and say so.
/// </summary>
public sealed class HttpBlobStore : IBlobStore, IConditionalReads
{
    private static readonly HttpClient Shared = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        MaxAutomaticRedirections = 5,
    })
    {
        Timeout = TimeSpan.FromSeconds(60), // until the headers are there; bodies may take as long as they need
    };

    private readonly Uri root;
    private readonly HttpClient client;

    /// <summary>A store below a web address; nothing is asked of the server before the first call.</summary>
    /// <param name="root">The address below which keys lie.</param>
    /// <param name="client">Another client than the shared one: for tests and for servers that want headers.</param>
    public HttpBlobStore(Uri root, HttpClient? client = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        this.root = root.AbsolutePath.EndsWith('/') ? root : new Uri(root.GetLeftPart(UriPartial.Path) + "/" + root.Query);
        this.client = client ?? Shared;
    }

    public string Description => $"web address {this.root.GetLeftPart(UriPartial.Path)}";

    internal static bool Accepts(string address) =>
        address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    internal static HttpBlobStore OfAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? new HttpBlobStore(uri)
            : throw new UnknownBlobStoreException($"`{address}` is not a valid web address");

    public async Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, this.AddressOf(key));
        using var response = await this.SendAsync(request, key, ct);
        if (IsAbsent(response))
            return null;
        this.NeedSuccess(response, key);
        return new BlobInfo(
            key,
            response.Content.Headers.ContentLength ?? throw new StorageRefusedException($"{this.Description} does not say how long `{key}` is (no Content-Length)"),
            response.Headers.ETag?.ToString() ?? $"\"{response.Content.Headers.LastModified?.UtcTicks ?? 0:x}-{response.Content.Headers.ContentLength:x}\"",
            response.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch);
    }

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) => this.GetAsync(key, null, offset, ct);

    public Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) =>
        this.GetAsync(key, etag, offset, ct);

    public Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{this.Description} is read-only: blobs cannot be written over http(s); write to the store behind it");

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{this.Description} cannot list its blobs: http(s) has no listing; use the store behind it");

    public Task DeleteAsync(string key, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{this.Description} is read-only: blobs cannot be removed over http(s)");

    private static bool IsAbsent(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone;

    private async Task<Stream> GetAsync(string key, string? etag, long offset, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using var request = new HttpRequestMessage(HttpMethod.Get, this.AddressOf(key));
        if (offset > 0)
            request.Headers.Range = new RangeHeaderValue(offset, null);
        if (etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag))
            request.Headers.IfMatch.Add(tag);
        var response = await this.SendAsync(request, key, ct);
        try
        {
            if (IsAbsent(response))
                throw new BlobNotFoundException(key, this.Description);
            if (response.StatusCode == HttpStatusCode.PreconditionFailed || (etag is not null && response.Headers.ETag is { } now && now.ToString() != etag))
                throw new BlobChangedException(key, this.Description);
            if (offset > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                response.Dispose();
                return new MemoryStream([], writable: false);
            }

            this.NeedSuccess(response, key);
            return await this.BodyAsync(response, key, offset, ct);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<Stream> BodyAsync(HttpResponseMessage response, string key, long offset, CancellationToken ct)
    {
        var body = await response.Content.ReadAsStreamAsync(ct);
        if (offset == 0)
            return body;
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            return response.Content.Headers.ContentRange?.From == offset
                ? body
                : throw new StorageUnavailableException($"{this.Description} answered another range of `{key}` than was asked for");
        }

        // A server without ranges sends everything again: skip what is known already.
        var skipped = new byte[1 << 16];
        for (var left = offset; left > 0;)
        {
            var read = await body.ReadAsync(skipped.AsMemory(0, (int)Math.Min(left, skipped.Length)), ct);
            if (read == 0)
                break;
            left -= read;
        }

        return body;
    }

    private Uri AddressOf(string key)
    {
        var path = string.Join('/', BlobKeys.Validate(key).Split('/').Select(Uri.EscapeDataString));
        return new Uri(this.root.GetLeftPart(UriPartial.Path) + path + this.root.Query);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string key, CancellationToken ct)
    {
        try
        {
            return await this.client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException error)
        {
            throw new StorageUnavailableException($"cannot reach {this.Description} for `{key}`: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw new StorageUnavailableException($"{this.Description} did not answer in time for `{key}`", error);
        }
    }

    private void NeedSuccess(HttpResponseMessage response, string key)
    {
        var code = (int)response.StatusCode;
        if (code is >= 200 and < 300)
            return;
        var what = $"{this.Description} answered {code} {response.ReasonPhrase} for `{key}`";
        throw code is 408 or 425 or 429 or >= 500
            ? new StorageUnavailableException(what)
            : new StorageRefusedException(code is 401 or 403 ? $"{what}; check the credentials" : what);
    }
}
