namespace Ci.Storage;

/// <summary>The store will not do this: missing rights, full disk, read-only. Terminal until a person acts.</summary>
public sealed class StorageRefusedException(string message, Exception? inner = null) : StorageException(message, inner);
