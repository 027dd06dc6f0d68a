namespace Ci.Storage;

/// <summary>The blob no longer is the version that was asked for.</summary>
public sealed class BlobChangedException(string key, string store)
    : StorageException($"blob `{key}` in {store} was replaced while it was being read; read it again from the start")
{
    public string Key { get; } = key;
}
