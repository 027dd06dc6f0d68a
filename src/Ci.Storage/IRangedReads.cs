namespace Ci.Storage;

/// <summary>The optional ability to read a part of one version of a blob: what several downloads of one blob side by side need.</summary>
public interface IRangedReads
{
    /// <summary>
    /// Opens <paramref name="length"/> bytes from <paramref name="offset"/> on. An answer of another range, or one that is packed, is
    /// <see cref="StorageUnavailableException"/>; a server that sends everything instead is told by <see cref="BlobRange.Offset"/>.
    /// </summary>
    /// <param name="key">The blob.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many; at least one.</param>
    /// <param name="etag">Only while the blob still carries it; null: whatever version is there.</param>
    /// <param name="ct">Ends the request.</param>
    /// <exception cref="BlobChangedException">The key now holds other bytes.</exception>
    /// <exception cref="BlobNotFoundException">Nothing is stored under the key.</exception>
    Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default);
}
