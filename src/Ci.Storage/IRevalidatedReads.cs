namespace Ci.Storage;

/// <summary>The optional ability to ask for a blob only if it is another than the one that is known: where nothing changed, no body is sent.</summary>
public interface IRevalidatedReads
{
    /// <summary>The blob from its start; null where it still carries the ETag.</summary>
    /// <exception cref="BlobNotFoundException">Nothing is stored under the key.</exception>
    Task<BlobRange?> OpenIfChangedAsync(string key, string? etag, CancellationToken ct = default);
}
