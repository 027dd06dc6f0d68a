namespace Ci.Storage;

/// <summary>An address that no provider understands. Terminal.</summary>
public sealed class UnknownBlobStoreException(string message) : StorageException(message);
