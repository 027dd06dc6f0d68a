using Polly;
using Polly.Retry;

namespace Ci.Storage;

/// <summary>
/// Retries what failed for the moment, with growing, jittered pauses, or after the pause that the store asked for. A put is retried only
/// when its content can be read again. A list is retried page by page, where the store lists so.
/// </summary>
public sealed class RetryingBlobStore(IBlobStore inner, TimeProvider? time = null, int retries = 4, TimeSpan? firstPause = null)
    : IBlobStore, IConditionalReads, IDescribedReads, IRangedReads, IRevalidatedReads, IPagedListing
{
    // A store that asks for more is busy for longer than a person waits: the error says so.
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(2);

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time ?? TimeProvider.System }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StorageUnavailableException>(error => error.RetryAfter is not { } asked || asked <= LongestAsked),
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstPause ?? TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(10),
            DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as StorageUnavailableException)?.RetryAfter),
        })
        .Build();

    public string Description => inner.Description;

    public Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default) => this.AgainAsync(token => inner.StatAsync(key, token), ct);

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) =>
        this.AgainAsync(token => inner.OpenReadAsync(key, offset, token), ct);

    public Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) =>
        inner is IConditionalReads conditional
            ? this.AgainAsync(token => conditional.OpenReadIfMatchAsync(key, etag, offset, token), ct)
            : throw new StorageRefusedException($"{inner.Description} cannot read one version of a blob");

    public Task<(BlobInfo Info, Stream Content)> OpenDescribedAsync(string key, CancellationToken ct = default) =>
        inner is IDescribedReads described
            ? this.AgainAsync(token => described.OpenDescribedAsync(key, token), ct)
            : throw new StorageRefusedException($"{inner.Description} cannot describe a blob while reading it");

    public Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default) =>
        inner is IRangedReads ranged
            ? this.AgainAsync(token => ranged.OpenRangeAsync(key, offset, length, etag, token), ct)
            : throw new StorageRefusedException($"{inner.Description} cannot read a part of a blob");

    public Task<BlobRange?> OpenIfChangedAsync(string key, string? etag, CancellationToken ct = default) =>
        inner is IRevalidatedReads fresh
            ? this.AgainAsync(token => fresh.OpenIfChangedAsync(key, etag, token), ct)
            : throw new StorageRefusedException($"{inner.Description} cannot say whether a blob changed");

    public Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!content.CanSeek)
            return inner.PutAsync(key, content, mode, ct);
        var start = content.Position;
        return this.AgainAsync(
            token =>
            {
                content.Position = start;
                return inner.PutAsync(key, content, mode, token);
            },
            ct);
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) =>
        inner is IPagedListing ? PagedListing.AllAsync((next, token) => this.ListPageAsync(prefix, next, token), ct) : inner.ListAsync(prefix, ct);

    public Task<BlobPage> ListPageAsync(string prefix, string? next, CancellationToken ct = default) =>
        inner is IPagedListing paged
            ? this.AgainAsync(token => paged.ListPageAsync(prefix, next, token), ct)
            : throw new StorageRefusedException($"{inner.Description} does not list by pages");

    public Task DeleteAsync(string key, CancellationToken ct = default) =>
        this.pipeline.ExecuteAsync(async token => await inner.DeleteAsync(key, token), ct).AsTask();

    private Task<T> AgainAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct) =>
        this.pipeline.ExecuteAsync(async token => await call(token), ct).AsTask();
}
