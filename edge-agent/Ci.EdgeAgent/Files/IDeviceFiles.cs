namespace Ci.EdgeAgent.Files;

/// <summary>
/// The device's disk as the agent sees it: everything that must survive a power cut goes through here, so that a test can cut the
/// power at every call. Paths are absolute. Errors are <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.
/// Nothing is durable before <see cref="IDeviceFile.Sync"/> (bytes) and <see cref="SyncFolder"/> (names) have returned. A folder that a call
/// has to make is the exception: its name is durable in the folder above when the call returns, since nobody else would see to that.
/// </summary>
internal interface IDeviceFiles
{
    /// <summary>The file's length in bytes; null where there is none.</summary>
    long? Length(string path);

    /// <summary>Opens a file for reading from its beginning; <see cref="FileNotFoundException"/> where there is none.</summary>
    Stream OpenRead(string path);

    /// <summary>Opens a file for writing, creating it (its name is durable after <see cref="SyncFolder"/>) and its folder where missing.</summary>
    IDeviceFile OpenAppend(string path);

    /// <summary>
    /// Renames within one file system, replacing the target in one step; makes the target's folder where missing. From one folder to another,
    /// a power cut before both are synced may leave either name, both, or neither of the new.
    /// </summary>
    void Rename(string from, string to);

    /// <summary>Makes the names in a folder durable (fsync of the directory).</summary>
    void SyncFolder(string folder);

    /// <summary>Deletes a file; an absent one is no error.</summary>
    void Delete(string path);

    /// <summary>The full paths of the files under a folder, in ordinal order; none where the folder is missing.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Bytes that may still be written to the file system that holds the path.</summary>
    long FreeBytes(string path);
}
