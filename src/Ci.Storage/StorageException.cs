namespace Ci.Storage;

/// <summary>The family of everything that a blob store reports. Transient or terminal is told by the type.</summary>
public abstract class StorageException(string message, Exception? inner = null) : Exception(message, inner);
