namespace Ci.Storage;

/// <summary>The store did not answer, or is not there now. Transient: the same call may succeed later.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : StorageException(message, inner);
