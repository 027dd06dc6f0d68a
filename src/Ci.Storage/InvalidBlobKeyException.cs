namespace Ci.Storage;

/// <summary>A key that no store accepts. Terminal.</summary>
public sealed class InvalidBlobKeyException(string key, string rule)
    : StorageException($"`{(key.Length > 80 ? key[..80] + "…" : key)}` cannot be a blob's key: {rule}");
