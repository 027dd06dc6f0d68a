using System.Net;
using System.Net.Http.Headers;

namespace Ci.Storage.Http;

/// <summary>
/// Blobs behind a plain web server or a static site, for reading: HEAD for facts, GET with ranges for bytes, ETags as the server gives
/// them. Listing and writing are refused, and say so.
/// </summary>
public sealed class HttpBlobStore : IBlobStore, IConditionalReads, IDescribedReads, IRangedReads, IRevalidatedReads
{
    private static readonly HttpClient Shared = WebCalls.NewClient();

    private readonly Uri root;
    private readonly HttpClient client;
    private readonly TimeProvider time;
    private readonly TimeSpan patience;
    private readonly (string Name, string Value)? header;

    /// <summary>A store below a web address; nothing is asked of the server before the first call.</summary>
    /// <param name="root">The address below which keys lie.</param>
    /// <param name="client">Another client than the shared one: for tests and for servers that want headers.</param>
    public HttpBlobStore(Uri root, HttpClient? client = null)
        : this(root, client ?? Shared, new BlobLocation(root?.AbsoluteUri ?? ""), null)
    {
    }

    private HttpBlobStore(Uri? root, HttpClient client, BlobLocation location, (string Name, string Value)? header)
    {
        ArgumentNullException.ThrowIfNull(root);
        this.root = root.AbsolutePath.EndsWith('/') ? root : new Uri(root.GetLeftPart(UriPartial.Path) + "/" + root.Query);
        this.client = client;
        this.time = location.Time;
        this.header = header;
        this.patience = location.Seconds("read_timeout", WebCalls.Patience);
        this.Description = location.Shown($"web address {this.root.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}");
    }

    public string Description { get; }

    internal static bool Accepts(string address) =>
        address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    internal static HttpBlobStore Of(BlobLocation location)
    {
        if (!Uri.TryCreate(location.Address, UriKind.Absolute, out var uri))
            throw new UnknownBlobStoreException($"`{location.Address}` is not a valid web address");
        var access = HttpAccess.Of(location, uri);
        return new HttpBlobStore(uri, access.Client ?? Shared, location, access.Header);
    }

    public async Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, this.AddressOf(key));
        using var response = await this.SendAsync(request, key, ct);
        if (IsAbsent(response))
            return null;
        this.NeedSuccess(response, key);
        return this.InfoOf(key, response);
    }

    public async Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) => (await this.GetAsync(key, null, offset, ct)).Content;

    public async Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) =>
        (await this.GetAsync(key, etag, offset, ct)).Content;

    public async Task<(BlobInfo Info, Stream Content)> OpenDescribedAsync(string key, CancellationToken ct = default)
    {
        var (response, content) = await this.GetAsync(key, null, 0, ct);
        // A server that does not say how long it is (chunked, or packed) still gives the bytes; only going on half-way is not to be had.
        return (response.Content.Headers.ContentLength is null ? new BlobInfo(key, -1, "", DateTimeOffset.UnixEpoch) : this.InfoOf(key, response), content);
    }

    public async Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using var request = new HttpRequestMessage(HttpMethod.Get, this.AddressOf(key));
        request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
        if (etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag) && !tag.IsWeak)
            request.Headers.IfMatch.Add(tag);
        var response = await this.SendAsync(request, key, ct);
        try
        {
            this.NeedVersion(response, key, etag);
            this.NeedSuccess(response, key);
            WebCalls.NeedPlain(response, key, this.Description);
            var partial = response.StatusCode == HttpStatusCode.PartialContent;
            if (partial)
                WebCalls.NeedRange(response, offset, length, key, this.Description);
            return await this.RangeAsync(response, key, partial ? offset : 0, ct);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async Task<BlobRange?> OpenIfChangedAsync(string key, string? etag, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, this.AddressOf(key));
        if (etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag))
            request.Headers.IfNoneMatch.Add(tag);
        var response = await this.SendAsync(request, key, ct);
        try
        {
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                response.Dispose();
                return null;
            }

            this.NeedVersion(response, key, null);
            this.NeedSuccess(response, key);
            WebCalls.NeedPlain(response, key, this.Description);
            return await this.RangeAsync(response, key, 0, ct);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{this.Description} is read-only: blobs cannot be written over http(s); write to the store behind it");

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{this.Description} cannot list its blobs: http(s) has no listing; use the store behind it");

    public Task DeleteAsync(string key, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{this.Description} is read-only: blobs cannot be removed over http(s)");

    private static bool IsAbsent(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone;

    private async Task<(HttpResponseMessage Response, Stream Content)> GetAsync(string key, string? etag, long offset, CancellationToken ct)
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
            this.NeedVersion(response, key, etag);
            if (offset > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                response.Dispose();
                return (response, new MemoryStream([], writable: false));
            }

            this.NeedSuccess(response, key);
            return (response, await this.BodyAsync(response, key, offset, ct));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void NeedVersion(HttpResponseMessage response, string key, string? etag)
    {
        if (IsAbsent(response))
            throw new BlobNotFoundException(key, this.Description);
        if (response.StatusCode == HttpStatusCode.PreconditionFailed || (etag is not null && response.Headers.ETag is { } now && now.ToString() != etag))
            throw new BlobChangedException(key, this.Description);
    }

    private async Task<BlobRange> RangeAsync(HttpResponseMessage response, string key, long offset, CancellationToken ct)
    {
        var headers = response.Content.Headers;
        var info = new BlobInfo(
            key,
            response.StatusCode == HttpStatusCode.PartialContent ? headers.ContentRange?.Length ?? -1 : headers.ContentLength ?? -1,
            response.Headers.ETag?.ToString() ?? "",
            headers.LastModified ?? DateTimeOffset.UnixEpoch);
        return new BlobRange(info, offset, new BodyStream(await response.Content.ReadAsStreamAsync(ct), response, this.patience, $"`{key}` at {this.Description}"));
    }

    private async Task<Stream> BodyAsync(HttpResponseMessage response, string key, long offset, CancellationToken ct)
    {
        var body = new BodyStream(await response.Content.ReadAsStreamAsync(ct), response, this.patience, $"`{key}` at {this.Description}");
        if (offset == 0)
            return body;
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            return WebCalls.BeginsAt(response, offset)
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

    private BlobInfo InfoOf(string key, HttpResponseMessage response) => new(
        key,
        response.Content.Headers.ContentLength ?? throw new StorageRefusedException($"{this.Description} does not say how long `{key}` is (no Content-Length)"),
        response.Headers.ETag?.ToString() ?? $"\"{response.Content.Headers.LastModified?.UtcTicks ?? 0:x}-{response.Content.Headers.ContentLength:x}\"",
        response.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch);

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string key, CancellationToken ct)
    {
        if (this.header is { } extra)
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        return WebCalls.SendAsync(this.client, request, this.patience, this.Description, $"`{key}`", ct);
    }

    private void NeedSuccess(HttpResponseMessage response, string key)
    {
        var code = (int)response.StatusCode;
        if (code is >= 200 and < 300)
            return;
        var what = $"{this.Description} answered {code} {response.ReasonPhrase} for `{key}`";
        throw code is 408 or 425 or 429 or >= 500
            ? new StorageUnavailableException(what) { RetryAfter = WebCalls.RetryAfter(response, this.time) }
            : new StorageRefusedException(code is 401 or 403 ? $"{what}; check the credentials" : what);
    }
}
