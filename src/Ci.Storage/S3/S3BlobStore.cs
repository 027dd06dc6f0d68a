using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Ci.Storage.S3;

#pragma warning disable CA1001 // Lives as long as the process does, and the semaphore holds no handle
/// <summary>
/// Blobs in a bucket of S3 or of a service that speaks its language. "Only if absent" is <c>If-None-Match: *</c> where the service knows it
/// (Amazon's does); what a compatible service does is tried once on the first put of the process. Where it ignores the condition a HEAD
/// goes before each PUT, and two writers that race for one key may both succeed, the later one's bytes standing: harmless for keys that
/// name their content, and the reason why nothing else may be put so. The time of a put is this machine's: S3 does not say its own.
/// </summary>
public sealed class S3BlobStore : IBlobStore, IConditionalReads, IDescribedReads, IRangedReads, IRevalidatedReads, IPagedListing
{
    /// <summary>The most that one request stores.</summary>
    internal const int SinglePut = 8 << 20;

    private const int ProbeUpTo = 1 << 20;

    private readonly Lazy<AmazonS3Client> client;
    private readonly S3Address address;
    private readonly TimeProvider time;
    private readonly TimeSpan patience;
    private readonly SemaphoreSlim probing = new(1);
    private readonly S3Upload upload;
    private bool? conditional;

    private S3BlobStore(BlobLocation location)
    {
        this.address = S3Address.Of(location.Address);
        this.Description = location.Shown($"S3 bucket {this.address.Bucket}{(S3Client.EndpointOf(location) is { } endpoint ? $" at {endpoint}" : "")}");
        this.client = new(() => S3Client.Of(location));
        this.conditional = S3Client.EndpointOf(location) is null ? true : null;
        this.time = location.Time;
        this.patience = location.Seconds("read_timeout", WebCalls.Patience);
        this.upload = new S3Upload(location);
    }

    public string Description { get; }

    /// <summary>The bucket at a location; nothing is asked of the service before the first call.</summary>
    public static S3BlobStore Of(BlobLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        foreach (var setting in new[] { "sse_customer_algorithm", "sse_customer_key", "grant_read", "grant_read_acp", "grant_write_acp", "grant_full_control" })
        {
            // Passed over, data would lie there less protected than somebody believes.
            if (location.Setting(setting) is not null)
                throw new StorageRefusedException($"{location.Shown(location.Address)}: `{setting}` is not known to this version; remove it, or use `sse`, `sse_kms_key_id`, `acl` or the bucket's own rules");
        }

        return new S3BlobStore(location);
    }

    internal static bool Accepts(string address) => S3Address.IsAddress(address);

    public async Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default)
    {
        var name = this.NameOf(key);
        try
        {
            var found = await this.client.Value.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = this.address.Bucket, Key = name }, ct);
            return new BlobInfo(key, found.ContentLength, found.ETag, TimeOf(found.LastModified));
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception error) when (!IsOurs(error, ct))
        {
            throw S3Error.Translate(error, this.Description, $"`{key}`", "s3:GetObject and s3:ListBucket");
        }
    }

    public async Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) => (await this.GetAsync(key, null, offset, ct)).Content;

    public async Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) => (await this.GetAsync(key, etag, offset, ct)).Content;

    public Task<(BlobInfo Info, Stream Content)> OpenDescribedAsync(string key, CancellationToken ct = default) => this.GetAsync(key, null, 0, ct);

    public async Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default)
    {
        var (info, content) = await this.GetAsync(key, etag, offset, ct, length);
        return new BlobRange(info, offset, content);
    }

    public async Task<BlobRange?> OpenIfChangedAsync(string key, string? etag, CancellationToken ct = default)
    {
        var request = new GetObjectRequest { BucketName = this.address.Bucket, Key = this.NameOf(key), EtagToNotMatch = etag };
        try
        {
            var found = await this.client.Value.GetObjectAsync(request, ct);
            if (etag is not null && found.ETag == etag)
            {
                // Some compatible services pass over the condition.
                found.Dispose();
                return null;
            }

            var info = new BlobInfo(key, found.ContentLength, found.ETag, TimeOf(found.LastModified));
            return new BlobRange(info, 0, new BodyStream(found.ResponseStream, found, this.patience, $"`{key}` in {this.Description}"));
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotModified)
        {
            return null;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            throw new BlobNotFoundException(key, this.Description);
        }
        catch (Exception error) when (!IsOurs(error, ct))
        {
            throw S3Error.Translate(error, this.Description, $"`{key}`", "s3:GetObject");
        }
    }

    public async Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var name = this.NameOf(key);
        if (mode == PutMode.IfAbsent && this.conditional != true && await this.StatAsync(key, ct) is { } there)
            return there;
        var known = content.CanSeek ? content.Length - content.Position : (long?)null;
        var head = await PutContent.ReadAsync(content, (int)Math.Min(SinglePut, known ?? SinglePut), key, ct);
        var single = known is { } length ? length <= SinglePut : head.Length < SinglePut;
        try
        {
            var (etag, size) = single
                ? (await this.PutWholeAsync(name, head, mode == PutMode.IfAbsent, ct), head.Length)
                : await this.upload.PutAsync(this.client.Value, this.address.Bucket, name, head, content, known, mode == PutMode.IfAbsent && this.conditional != false, ct);
            return new BlobInfo(key, size, etag, this.time.GetUtcNow());
        }
        catch (AmazonS3Exception error) when (mode == PutMode.IfAbsent && error.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return await this.StatAsync(key, ct) ?? throw new StorageUnavailableException($"`{key}` was removed from {this.Description} while it was put", error);
        }
        catch (Exception error) when (!IsOurs(error, ct))
        {
            throw S3Error.Translate(error, this.Description, $"`{key}`", "s3:PutObject");
        }
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) =>
        PagedListing.AllAsync((next, token) => this.ListPageAsync(prefix, next, token), ct);

    public async Task<BlobPage> ListPageAsync(string prefix, string? next, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        try
        {
            var request = new ListObjectsV2Request { BucketName = this.address.Bucket, Prefix = this.address.Prefix + prefix, ContinuationToken = next };
            var page = await this.client.Value.ListObjectsV2Async(request, ct);
            var cut = this.address.Prefix.Length;
            var blobs = (page.S3Objects ?? []).Select(o => new BlobInfo(o.Key[cut..], o.Size ?? 0, o.ETag, TimeOf(o.LastModified)));
            // By UTF-8 bytes there, by UTF-16 units here: they differ beyond the basic plane only, and then within a page.
            return new BlobPage([.. blobs.OrderBy(b => b.Key, StringComparer.Ordinal)], page.IsTruncated == true ? page.NextContinuationToken : null);
        }
        catch (Exception error) when (!IsOurs(error, ct))
        {
            throw S3Error.Translate(error, this.Description, $"the list of `{prefix}`", "s3:ListBucket");
        }
    }

    public async Task DeleteAsync(string key, CancellationToken ct = default)
    {
        var name = this.NameOf(key);
        try
        {
            await this.client.Value.DeleteObjectAsync(new DeleteObjectRequest { BucketName = this.address.Bucket, Key = name }, ct);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            // Removed already.
        }
        catch (Exception error) when (!IsOurs(error, ct))
        {
            throw S3Error.Translate(error, this.Description, $"`{key}`", "s3:DeleteObject");
        }
    }

    private static bool IsOurs(Exception error, CancellationToken ct) => error is StorageException || (error is OperationCanceledException && ct.IsCancellationRequested);

    private static DateTimeOffset TimeOf(DateTime? utc) => utc is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : DateTimeOffset.UnixEpoch;

    private string NameOf(string key) => this.address.Prefix + BlobKeys.Validate(key);

    private async Task<string> PutWholeAsync(string name, ReadOnlyMemory<byte> bytes, bool ifAbsent, CancellationToken ct)
    {
        var etag = await this.PutOnceAsync(name, bytes, ifAbsent && this.conditional != false, ct);
        if (ifAbsent && this.conditional is null && bytes.Length <= ProbeUpTo)
            await this.ProbeAsync(name, bytes, ct);
        return etag;
    }

    private async Task<string> PutOnceAsync(string name, ReadOnlyMemory<byte> bytes, bool condition, CancellationToken ct)
    {
        try
        {
            var request = S3Upload.Whole(this.address.Bucket, name, bytes);
            if (condition)
                request.IfNoneMatch = "*";
            this.upload.Decorate(request);
            return (await this.client.Value.PutObjectAsync(request, ct)).ETag;
        }
        catch (AmazonS3Exception error) when (condition && error.StatusCode == HttpStatusCode.NotImplemented)
        {
            this.conditional = false;
            return await this.PutOnceAsync(name, bytes, condition: false, ct);
        }
    }

    // The same bytes again: a service that knows the condition refuses them, one that ignores it replaces them by themselves.
    private async Task ProbeAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (!await this.probing.WaitAsync(0, ct))
            return;
        try
        {
            if (this.conditional is not null)
                return;
            await this.PutOnceAsync(name, bytes, condition: true, ct);
            this.conditional = false;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            this.conditional = true;
        }
        finally
        {
            this.probing.Release();
        }
    }

    private async Task<(BlobInfo Info, Stream Content)> GetAsync(string key, string? etag, long offset, CancellationToken ct, long? length = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var request = new GetObjectRequest { BucketName = this.address.Bucket, Key = this.NameOf(key), EtagToMatch = etag };
        if (length is not null)
            request.ByteRange = new ByteRange(offset, offset + length.Value - 1);
        else if (offset > 0)
            request.ByteRange = new ByteRange($"bytes={offset}-");
        try
        {
            var found = await this.client.Value.GetObjectAsync(request, ct);
            if (etag is not null && found.ETag != etag)
            {
                // Some compatible services pass over the condition.
                found.Dispose();
                throw new BlobChangedException(key, this.Description);
            }

            if ((offset > 0 || length is not null) && found.ContentRange?.StartsWith($"bytes {offset}-", StringComparison.Ordinal) != true)
            {
                found.Dispose();
                throw new StorageUnavailableException($"{this.Description} answered another range of `{key}` than was asked for");
            }

            var whole = found.ContentRange?.Split('/') is [_, var total] && long.TryParse(total, out var said) ? said : offset + found.ContentLength;
            var info = new BlobInfo(key, whole, found.ETag, TimeOf(found.LastModified));
            return (info, new BodyStream(found.ResponseStream, found, this.patience, $"`{key}` in {this.Description}"));
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new BlobChangedException(key, this.Description);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return (new BlobInfo(key, offset, etag ?? "", DateTimeOffset.UnixEpoch), new MemoryStream([], writable: false));
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            throw new BlobNotFoundException(key, this.Description);
        }
        catch (Exception error) when (!IsOurs(error, ct))
        {
            throw S3Error.Translate(error, this.Description, $"`{key}`", "s3:GetObject");
        }
    }
}
