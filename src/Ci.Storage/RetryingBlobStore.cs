using Polly;
using Polly.Retry;

namespace Ci.Storage;

/// <summary>
/// Retries what failed for the moment, with growing, jittered pauses. A put is retried only when its content can be read again.
/// Listing is not retried: part of it may have been handed out already.
/// </summary>
public sealed class RetryingBlobStore(IBlobStore inner, TimeProvider? time = null, int retries = 3, TimeSpan? firstPause = null)
    : IBlobStore, IConditionalReads
{
    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time ?? TimeProvider.System }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StorageUnavailableException>(),
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstPause ?? TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(10),
        })
        .Build();

    public string Description => inner.Description;

    public Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default) =>
        this.pipeline.ExecuteAsync(async token => await inner.StatAsync(key, token), ct).AsTask();

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) =>
        this.pipeline.ExecuteAsync(async token => await inner.OpenReadAsync(key, offset, token), ct).AsTask();

    public Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) =>
        inner is IConditionalReads conditional
            ? this.pipeline.ExecuteAsync(async token => await conditional.OpenReadIfMatchAsync(key, etag, offset, token), ct).AsTask()
            : throw new StorageRefusedException($"{inner.Description} cannot read one version of a blob");

    public Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!content.CanSeek)
            return inner.PutAsync(key, content, mode, ct);
        var start = content.Position;
        return this.pipeline.ExecuteAsync(
            async token =>
            {
                content.Position = start;
                return await inner.PutAsync(key, content, mode, token);
            },
            ct).AsTask();
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) => inner.ListAsync(prefix, ct);

    public Task DeleteAsync(string key, CancellationToken ct = default) =>
        this.pipeline.ExecuteAsync(async token => await inner.DeleteAsync(key, token), ct).AsTask();
}
