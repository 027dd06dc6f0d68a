namespace Ci.Storage;

/// <summary>The store did not answer, or is not there now. Transient: the same call may succeed later.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : StorageException(message, inner)
{
    /// <summary>How long the store asked to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
