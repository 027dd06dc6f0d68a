namespace Ci.Storage.FileSystem;

/// <summary>
/// Everything that changes the disk, one member a step that a power cut may come before, in or after. Reading needs no port. Paths are
/// absolute. Nothing is durable before <see cref="Flush"/> or <see cref="TryFlushAll"/> has returned: not the bytes of a file, not the
/// names in a folder. Errors are <see cref="IOException"/> (a full disk and a read-only one say so) and
/// <see cref="UnauthorizedAccessException"/>; a step that failed has changed nothing, but for a <see cref="Write"/> or
/// <see cref="Copy"/>, which may leave part of the new file. Safe to call from many threads.
/// </summary>
public interface IDisk
{
    /// <summary>Makes a file that holds the bytes; the name must be free.</summary>
    void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode);

    /// <summary>Makes an empty file and opens it for writing; the name must be free.</summary>
    Stream Create(string path, UnixFileMode mode);

    /// <summary>Makes a file with the bytes of another one; the name must be free.</summary>
    void Copy(string source, string path, UnixFileMode mode);

    /// <summary>Makes a second name for a file, or a clone that shares its blocks; the name must be free.</summary>
    /// <returns>False when this file system, or the two together, cannot do that; nothing was changed.</returns>
    bool TryLink(string source, string path, LinkType type, UnixFileMode mode);

    /// <summary>Renames within one file system, in one step.</summary>
    /// <exception cref="IOException">The new name is taken and <paramref name="overwrite"/> is false.</exception>
    void Rename(string from, string to, bool overwrite);

    /// <summary>Removes a file or link; one that is not there is removed already.</summary>
    void Delete(string path);

    /// <summary>Makes one folder below an existing one; one that is there is made already.</summary>
    void CreateFolder(string path);

    /// <summary>Removes an empty folder.</summary>
    void DeleteFolder(string path);

    void SetMode(string path, UnixFileMode mode);

    /// <summary>Makes the bytes of a file, or the names in a folder, durable.</summary>
    void Flush(string path);

    /// <summary>Makes everything on the file system that holds the path durable at once.</summary>
    /// <returns>False when this system has no such call.</returns>
    bool TryFlushAll(string path);
}
