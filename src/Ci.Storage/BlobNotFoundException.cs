namespace Ci.Storage;

/// <summary>Nothing is stored under the key.</summary>
public sealed class BlobNotFoundException(string key, string store)
    : StorageException($"no blob `{key}` in {store}")
{
    public string Key { get; } = key;
}
