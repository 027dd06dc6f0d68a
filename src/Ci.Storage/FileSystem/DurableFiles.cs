using System.Runtime.InteropServices;

namespace Ci.Storage.FileSystem;

/// <summary>
/// Files that survive a power cut whole: written beside their place, flushed, renamed over it, and the directory flushed too
/// (a rename is only durable once its directory is).
/// </summary>
public static partial class DurableFiles
{
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
            throw new IOException($"cannot open the folder {path} to flush it (errno {Marshal.GetLastPInvokeError()})");
        try
        {
            // Some file systems (FUSE, network) know no fsync of a directory and answer EINVAL; then there is nothing to be done.
            if (Fsync(descriptor) < 0 && Marshal.GetLastPInvokeError() is not 22)
                throw new IOException($"cannot flush the folder {path} (errno {Marshal.GetLastPInvokeError()})");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
