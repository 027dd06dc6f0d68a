namespace Ci.Storage;

/// <summary>What a store knows about one blob.</summary>
/// <param name="Key">The key under which it is stored.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">Changes whenever the bytes change; compare for equality only.</param>
/// <param name="LastModified">When it was stored, by the store's clock.</param>
public sealed record BlobInfo(string Key, long Length, string ETag, DateTimeOffset LastModified);
