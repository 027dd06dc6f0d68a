using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Ci.Storage.AzureBlobs;

/// <summary>
/// Blobs in an Azure container, spoken to over its REST interface. Puts are one request (with <c>If-None-Match: *</c>) up to
/// <see cref="SinglePut"/> bytes and staged blocks beyond it, which a later call continues; every body carries its MD5.
/// </summary>
public sealed class AzureBlobStore : IBlobStore, IConditionalReads, IDescribedReads, IRangedReads, IRevalidatedReads, IPagedListing
{
    /// <summary>The most that one request stores.</summary>
    internal const int SinglePut = 8 << 20;

    private const int LargestPage = 5000;

    private static readonly HttpClient Shared = WebCalls.NewClient();

    private readonly AzureClient client;
    private readonly AzureBlockUpload blocks;

    private readonly int pageSize;

    private AzureBlobStore(AzureClient client, int pageSize)
    {
        this.client = client;
        this.pageSize = pageSize;
        this.blocks = new AzureBlockUpload(client);
    }

    public string Description => this.client.Description;

    /// <summary>The container at a location; nothing is asked of the service before the first call.</summary>
    public static AzureBlobStore Of(BlobLocation location) => Of(location, null);

    internal static AzureBlobStore Of(BlobLocation location, HttpClient? http, int pageSize = LargestPage)
    {
        ArgumentNullException.ThrowIfNull(location);
        var connection = AzureCredentials.Connection(location);
        var account = AzureAccount.Of(location, connection);
        var credential = AzureCredentials.Of(location, account, connection);
        var patience = location.Seconds("read_timeout", location.Seconds("timeout", WebCalls.Patience));
        var shown = location.Shown($"Azure container {account.Service.Host}/{account.Container}");
        var own = http ?? (location.Setting("connection_timeout") is null && location.Proxy is null
            ? Shared
            : WebCalls.NewClient(location.Seconds("connection_timeout", WebCalls.Patience), proxy: location.Proxy));
        return new AzureBlobStore(new AzureClient(account, credential, own, location.Time, patience, shown), pageSize);
    }

    internal static bool Accepts(string address) => AzureAccount.IsAddress(address);

    public async Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default)
    {
        var address = this.client.AddressOf(key);
        using var response = await this.client.SendAsync(() => new HttpRequestMessage(HttpMethod.Head, address), $"`{key}`", AzureRight.Read, ct, HttpStatusCode.NotFound);
        return response.StatusCode == HttpStatusCode.NotFound ? null : this.InfoOf(key, response);
    }

    public async Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) => (await this.GetAsync(key, null, offset, ct)).Content;

    public async Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) => (await this.GetAsync(key, etag, offset, ct)).Content;

    public Task<(BlobInfo Info, Stream Content)> OpenDescribedAsync(string key, CancellationToken ct = default) => this.GetAsync(key, null, 0, ct);

    public async Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var address = this.client.AddressOf(key);
        var response = await this.client.SendAsync(
            () => Get(address, etag, offset, length), $"`{key}`", AzureRight.Read, ct, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed);
        try
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw await this.AbsentAsync(response, key, ct);
            if (response.StatusCode == HttpStatusCode.PreconditionFailed)
                throw new BlobChangedException(key, this.Description);
            WebCalls.NeedPlain(response, key, this.Description);
            var partial = response.StatusCode == HttpStatusCode.PartialContent;
            if (partial)
                WebCalls.NeedRange(response, offset, length, key, this.Description);
            return new BlobRange(this.InfoOf(key, response), partial ? offset : 0, await this.BodyAsync(response, key, ct));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async Task<BlobRange?> OpenIfChangedAsync(string key, string? etag, CancellationToken ct = default)
    {
        var address = this.client.AddressOf(key);
        var response = await this.client.SendAsync(
            () => IfChanged(address, etag), $"`{key}`", AzureRight.Read, ct, HttpStatusCode.NotFound, HttpStatusCode.NotModified);
        try
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw await this.AbsentAsync(response, key, ct);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                response.Dispose();
                return null;
            }

            return new BlobRange(this.InfoOf(key, response), 0, await this.BodyAsync(response, key, ct));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var address = this.client.AddressOf(key);
        var known = content.CanSeek ? content.Length - content.Position : (long?)null;
        var head = await PutContent.ReadAsync(content, (int)Math.Min(SinglePut, known ?? SinglePut), key, ct);
        // Exactly as much as one request takes may be all there is.
        var single = known is { } length ? length <= SinglePut : head.Length < SinglePut;
        Func<Task<BlobInfo?>> put = single
            ? () => this.PutWholeAsync(address, key, head, mode, ct)
            : () => this.blocks.PutAsync(address, key, head, content, known, mode, ct);
        BlobInfo? stored;
        try
        {
            stored = await put();
        }
        catch (AzureContainerMissingException)
        {
            await this.client.CreateContainerAsync(ct);
            // Blocks were refused before anything was read beyond the head.
            stored = await put();
        }

        return stored ?? await this.StatAsync(key, ct) ?? throw new StorageUnavailableException($"`{key}` was removed from {this.Description} while it was put");
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) =>
        PagedListing.AllAsync((next, token) => this.ListPageAsync(prefix, next, token), ct);

    public async Task<BlobPage> ListPageAsync(string prefix, string? next, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var query = $"?restype=container&comp=list&maxresults={this.pageSize}&prefix={Uri.EscapeDataString(this.client.Prefix + prefix)}";
        if (next is not null)
            query += $"&marker={Uri.EscapeDataString(next)}";
        using var response = await this.client.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, this.client.Container + query), $"the list of `{prefix}`", AzureRight.List, ct, HttpStatusCode.NotFound);
        // A container that the first put will make holds nothing yet.
        if (response.StatusCode == HttpStatusCode.NotFound)
            return new BlobPage([], null);
        await using var body = new BodyStream(await response.Content.ReadAsStreamAsync(ct), response, this.client.Patience, this.Description);
        using var whole = new MemoryStream();
        await PutContent.CopyAsync(body, whole, this.Description, ct);
        whole.Position = 0;
        return AzureListing.Read(whole, this.client.Prefix, this.Description);
    }

    public async Task DeleteAsync(string key, CancellationToken ct = default)
    {
        var address = this.client.AddressOf(key);
        using var response = await this.client.SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, address), $"`{key}`", AzureRight.Delete, ct, HttpStatusCode.NotFound);
    }

    private async Task<BlobInfo?> PutWholeAsync(string address, string key, ReadOnlyMemory<byte> bytes, PutMode mode, CancellationToken ct)
    {
#pragma warning disable CA5351 // The service's own check against damage on the way
        var md5 = MD5.HashData(bytes.Span);
#pragma warning restore CA5351
        using var response = await this.client.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ReadOnlyMemoryContent(bytes) };
                request.Headers.Add("x-ms-blob-type", "BlockBlob");
                request.Content.Headers.ContentMD5 = md5;
                if (mode == PutMode.IfAbsent)
                    request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                return request;
            },
            $"`{key}`", AzureRight.Write, ct, mode == PutMode.IfAbsent ? [HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed] : []);
        return (int)response.StatusCode >= 300 ? await AzureBlockUpload.TakenAsync(this.client, response, key, ct) : AzureBlockUpload.Stored(response, key, bytes.Length);
    }

    private async Task<(BlobInfo Info, Stream Content)> GetAsync(string key, string? etag, long offset, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var address = this.client.AddressOf(key);
        var response = await this.client.SendAsync(
            () => Get(address, etag, offset), $"`{key}`", AzureRight.Read, ct, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed, HttpStatusCode.RequestedRangeNotSatisfiable);
        try
        {
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotFound:
                    throw await this.AbsentAsync(response, key, ct);
                case HttpStatusCode.PreconditionFailed:
                    throw new BlobChangedException(key, this.Description);
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                    response.Dispose();
                    return (new BlobInfo(key, offset, etag ?? "", DateTimeOffset.UnixEpoch), new MemoryStream([], writable: false));
            }

            // At the end some answer an empty range instead of refusing it.
            if (offset > 0 && response.Content.Headers.ContentLength is null or 0)
                return (new BlobInfo(key, offset, etag ?? "", DateTimeOffset.UnixEpoch), new BodyStream(Stream.Null, response, this.client.Patience, key));
            if (offset > 0 && !WebCalls.BeginsAt(response, offset))
                throw new StorageUnavailableException($"{this.Description} answered another range of `{key}` than was asked for");
            var body = await response.Content.ReadAsStreamAsync(ct);
            return (this.InfoOf(key, response), new BodyStream(body, response, this.client.Patience, $"`{key}` in {this.Description}", offset == 0 ? response.Content.Headers.ContentMD5 : null));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<Stream> BodyAsync(HttpResponseMessage response, string key, CancellationToken ct) =>
        new BodyStream(await response.Content.ReadAsStreamAsync(ct), response, this.client.Patience, $"`{key}` in {this.Description}");

    private static HttpRequestMessage IfChanged(string address, string? etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (etag is { Length: > 0 })
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(etag));
        return request;
    }

    private static HttpRequestMessage Get(string address, string? etag, long offset, long? length = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (length is not null)
            request.Headers.Add("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + length - 1}"));
        else if (offset > 0)
            request.Headers.Add("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-"));
        if (etag is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        return request;
    }

    // No blob, or no container at all: to whoever wants to read the second is told, since waiting for somebody's push may be in vain.
    private async Task<StorageException> AbsentAsync(HttpResponseMessage response, string key, CancellationToken ct)
    {
        var error = await AzureError.ReadAsync(response, ct);
        return error.Code == "ContainerNotFound"
            ? new StorageRefusedException($"{this.Description} does not exist; the first push makes it, or check the address")
            : new BlobNotFoundException(key, this.Description);
    }

    private BlobInfo InfoOf(string key, HttpResponseMessage response) => new(
        key,
        response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength ?? throw new StorageUnavailableException($"{this.Description} does not say how long `{key}` is"),
        response.Headers.ETag?.ToString() ?? "",
        response.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch);
}
