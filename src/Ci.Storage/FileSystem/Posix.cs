using System.Runtime.InteropServices;

namespace Ci.Storage.FileSystem;

/// <summary>The system calls of Linux that .NET makes only in company of several others, or not at all.</summary>
internal static partial class Posix
{
    public const int ReadFlag = 0;
    public const int NewFileFlags = 1 | 0x40 | 0x80 | CloseOnExec; // O_WRONLY | O_CREAT | O_EXCL
    public const int CloseOnExec = 0x80000;
    public const int NotThere = 2;
    public const int Exists = 17;
    public const uint NoReplace = 1;
    private const int Interrupted = 4;
    private const int Unsuited = 22;

    public static bool WasInterrupted => Marshal.GetLastPInvokeError() == Interrupted;

    /// <summary>Opens a file; the caller closes the descriptor.</summary>
    public static int Open(string path, int flags, UnixFileMode mode, string doing)
    {
        while (true)
        {
            var descriptor = OpenRaw(path, flags, (uint)mode);
            if (descriptor >= 0)
                return descriptor;
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Error(doing, path);
        }
    }

    public static void WriteAll(int descriptor, ReadOnlySpan<byte> bytes, string path)
    {
        while (!bytes.IsEmpty)
        {
            var written = WriteRaw(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written >= 0)
                bytes = bytes[(int)written..];
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Error("write", path);
        }
    }

    public static int Read(int descriptor, Span<byte> buffer, string path)
    {
        while (true)
        {
            var read = ReadRaw(descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (read >= 0)
                return (int)read;
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Error("read", path);
        }
    }

    /// <summary>Makes a file or a folder durable. A handle for reading suffices, and a read-only file gives no other.</summary>
    public static void Flush(string path)
    {
        var descriptor = Open(path, ReadFlag, UnixFileMode.None, "open");
        try
        {
            // Some file systems (FUSE, network) know no fsync of a directory and answer EINVAL; then there is nothing to be done.
            if (Fsync(descriptor) < 0 && Marshal.GetLastPInvokeError() is not Unsuited)
                throw Error("flush", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Throws unless the call succeeded.</summary>
    public static void Check(int result, string doing, string path)
    {
        if (result < 0)
            throw Error(doing, path);
    }

    /// <summary>What went wrong last on this thread.</summary>
    public static Exception Error(string doing, string path) => DiskErrors.Of(Marshal.GetLastPInvokeError(), doing, path);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenRaw(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteRaw(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadRaw(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int Syncfs(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    public static partial int SyncFileRange(int descriptor, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "symlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Symlink(string target, string path);

    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "mkdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int MakeFolder(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Clone(int target, nuint request, int source);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyRange(int source, nint sourceOffset, int target, nint targetOffset, nint length, uint flags);
}
