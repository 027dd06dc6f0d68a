namespace Ci.Storage;

/// <summary>The optional ability to learn what a blob is by the same request that reads it: what beginning a download that can be resumed needs.</summary>
public interface IDescribedReads
{
    /// <summary>As <see cref="IBlobStore.OpenReadAsync"/> from the start, with what the store knows about the blob.</summary>
    Task<(BlobInfo Info, Stream Content)> OpenDescribedAsync(string key, CancellationToken ct = default);
}
