using System.Runtime.InteropServices;

namespace Ci.Storage.FileSystem;

/// <summary>
/// Files that survive a power cut whole: written beside their place, flushed, renamed over it, and the directory flushed too
/// (a rename is only durable once its directory is).
/// </summary>
public static partial class DurableFiles
{
    private const int FlushTogetherFrom = 32;

    /// <summary>Replaces the file's content in one step; readers see the old bytes or the new ones. The directory must exist.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = TemporaryBeside(path);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            Publish(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Renames a flushed temporary file to its place and flushes the directory.</summary>
    /// <exception cref="IOException">The place is taken and <paramref name="overwrite"/> is false.</exception>
    public static void Publish(string temporary, string path, bool overwrite)
    {
        File.Move(temporary, path, overwrite);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Renames many written files to their places, durably: their bytes reach the disk before the first rename. Many at once are flushed
    /// by one call for the whole file system, where that is to be had; two calls then cost less than two for each file.
    /// </summary>
    /// <param name="files">Written but not flushed; a place that is taken is replaced. All on one file system.</param>
    /// <param name="root">A folder on that file system, above all places.</param>
    public static void PublishAll(IReadOnlyList<(string Temporary, string Path)> files, string root)
    {
        ArgumentNullException.ThrowIfNull(files);
        Directory.CreateDirectory(root);
        var together = files.Count >= FlushTogetherFrom && TryFlushFileSystem(root);
        if (!together)
        {
            foreach (var (temporary, _) in files)
                FlushFile(temporary);
        }

        var folders = files.Select(f => Path.GetDirectoryName(f.Path)!).Distinct(StringComparer.Ordinal).ToList();
        foreach (var folder in folders)
        {
            if (together)
                Directory.CreateDirectory(folder);
            else
                CreateDirectory(folder);
        }

        foreach (var (temporary, path) in files)
            File.Move(temporary, path, overwrite: true);
        if (together && TryFlushFileSystem(root))
            return;
        foreach (var folder in folders)
            FlushDirectory(folder);
    }

    /// <summary>A name for a file being written, in the same folder so that the rename cannot cross file systems.</summary>
    public static string TemporaryBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $"{BlobKeys.TemporaryPrefix}{Guid.NewGuid():N}");

    /// <summary>Makes the folder and all above it, each durable in its parent.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent))
            CreateDirectory(parent);
        Directory.CreateDirectory(path);
        if (!string.IsNullOrEmpty(parent))
            FlushDirectory(parent);
    }

    /// <summary>Makes renames and removals in the folder durable. On Windows the file system journals them itself.</summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw new IOException($"cannot open {path} to flush it (errno {Marshal.GetLastPInvokeError()})");
        try
        {
            // Some file systems (FUSE, network) know no fsync of a directory and answer EINVAL; then there is nothing to be done.
            if (Fsync(descriptor) < 0 && Marshal.GetLastPInvokeError() is not 22)
                throw new IOException($"cannot flush {path} (errno {Marshal.GetLastPInvokeError()})");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static bool TryFlushFileSystem(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return false;
        try
        {
            return Syncfs(descriptor) == 0;
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    // A handle for reading suffices, and a read-only file gives no other.
    private static void FlushFile(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1);
            file.Flush(flushToDisk: true);
        }
        else
            FlushDirectory(path);
    }

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int Syncfs(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
