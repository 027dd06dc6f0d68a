using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ci.Data.Files;

/// <summary>
/// Reading files and folders by system calls: .NET itself tells neither inode nor time of change, makes a string of every name, and
/// locks what it opens. <c>statx(2)</c>'s structure is the same on every Linux architecture.
/// </summary>
internal static partial class LinuxFiles
{
    public const int Unreadable = -1;
    private const int AtCurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int StatusBytes = 256;
    private const int CloseOnExec = 0x80000;
    private const int FoldersOnly = 0x10000;
    private const int NonBlocking = 0x800;
    private const int Interrupted = 4;

    /// <summary>Looks at a path, following links; null when nothing is there, or may not be looked at.</summary>
    public static FileStatus? Look(string path)
    {
        Span<byte> buffer = stackalloc byte[StatusBytes];
        return Statx(AtCurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0 ? Status(buffer) : null;
    }

    /// <summary>Looks at an entry of an open folder, following links.</summary>
    public static FileStatus? Look(int folder, ReadOnlySpan<byte> terminated)
    {
        Span<byte> buffer = stackalloc byte[StatusBytes];
        return Statx(folder, ref MemoryMarshal.GetReference(terminated), 0, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0 ? Status(buffer) : null;
    }

    /// <summary>Looks at what is open.</summary>
    public static FileStatus? Look(int descriptor)
    {
        Span<byte> buffer = stackalloc byte[StatusBytes];
        return Statx(descriptor, ref MemoryMarshal.GetReference("\0"u8), EmptyPath, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0 ? Status(buffer) : null;
    }

    /// <summary>Opens a file for reading; never waits for a named pipe's other end.</summary>
    /// <returns>A descriptor, which the caller closes, or <see cref="Unreadable"/>.</returns>
    public static int OpenFile(string path) => Open(path, CloseOnExec | NonBlocking);

    public static int OpenFolder(string path) => Open(path, CloseOnExec | FoldersOnly);

    /// <summary>Reads until the buffer is full or the file at its end.</summary>
    /// <returns>How many bytes, or <see cref="Unreadable"/>.</returns>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = (int)ReadRaw(descriptor, ref MemoryMarshal.GetReference(buffer[filled..]), buffer.Length - filled);
            if (read == 0)
                break;
            if (read > 0)
                filled += read;
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                return Unreadable;
        }

        return filled;
    }

    /// <summary>Fills a buffer with some entries of an open folder; 0 at the end.</summary>
    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadFolder(int descriptor, ref byte buffer, nint size);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    private static int Open(string path, int flags)
    {
        int descriptor;
        while ((descriptor = OpenRaw(path, flags, 0)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            continue;
        return descriptor;
    }

    private static FileStatus Status(ReadOnlySpan<byte> buffer)
    {
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]);
        var stamp = new FileStamp(
            BinaryPrimitives.ReadInt64LittleEndian(buffer[40..]), Time(buffer[112..]), Time(buffer[96..]), BinaryPrimitives.ReadInt64LittleEndian(buffer[32..]), (mode & 0x40) != 0);
        return new FileStatus(stamp, mode & 0xF000, BinaryPrimitives.ReadInt32LittleEndian(buffer[16..]), BinaryPrimitives.ReadUInt64LittleEndian(buffer[136..]));
    }

    private static long Time(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadInt64LittleEndian(at) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(at[8..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Statx(int folder, ref byte path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenRaw(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadRaw(int descriptor, ref byte buffer, nint count);
}
