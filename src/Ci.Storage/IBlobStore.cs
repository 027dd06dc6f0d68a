namespace Ci.Storage;

/// <summary>
/// A store of named byte strings. Every member is safe to call at the same time from many tasks and many processes.
/// Nothing is retried here: <see cref="StorageUnavailableException"/> says that the same call may succeed later,
/// <see cref="StorageRefusedException"/> that it will not. <see cref="RetryingBlobStore"/> is the decorator that retries.
/// </summary>
public interface IBlobStore
{
    /// <summary>What and where this is, for messages: <c>folder /srv/blobs</c>.</summary>
    string Description { get; }

    /// <summary>What is stored under the key, or null when there is nothing.</summary>
    /// <exception cref="InvalidBlobKeyException">The key breaks the rules of <see cref="BlobKeys.Validate"/>.</exception>
    Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default);

    /// <summary>
    /// Opens the bytes from <paramref name="offset"/> on; the caller disposes the stream. An offset at the end gives an empty stream.
    /// A connection that breaks half-way shows as an <see cref="IOException"/> from the stream, never as a silent early end.
    /// </summary>
    /// <exception cref="BlobNotFoundException">Nothing is stored under the key.</exception>
    Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default);

    /// <summary>
    /// Stores the bytes: others see either nothing (or the old bytes), or all of the new ones. Durable once the task has finished.
    /// <see cref="PutMode.IfAbsent"/> on an existing key changes nothing and returns what is there, so repeating a call is harmless.
    /// </summary>
    Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default);

    /// <summary>All blobs whose key begins with the prefix (a plain string prefix, may be empty), in ordinal order of their keys.</summary>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default);

    /// <summary>Removes a blob; removing what is not there succeeds.</summary>
    Task DeleteAsync(string key, CancellationToken ct = default);
}
