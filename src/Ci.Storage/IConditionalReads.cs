namespace Ci.Storage;

/// <summary>The optional ability to go on reading exactly the version that was begun: what resuming a download needs.</summary>
public interface IConditionalReads
{
    /// <summary>As <see cref="IBlobStore.OpenReadAsync"/>, but only while the blob still carries the ETag.</summary>
    /// <exception cref="BlobChangedException">The key now holds other bytes; begin again from the start.</exception>
    Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default);
}
