namespace Ci.Storage;

/// <summary>A store that takes many small files much faster together than one by one.</summary>
public interface IBulkWrites
{
    /// <summary>
    /// Stores files under keys that are absent; a key that exists by now stays as it is or is replaced by the same content. Each blob
    /// appears whole or not at all, in no order; all are durable once the task has finished. Repeating a call is harmless.
    /// </summary>
    /// <param name="files">Key, and the path of a local file that nobody changes.</param>
    /// <param name="ct">Ends it between portions.</param>
    /// <returns>How many were stored.</returns>
    Task<int> PutFilesAsync(IReadOnlyCollection<(string Key, string File)> files, CancellationToken ct = default);
}
