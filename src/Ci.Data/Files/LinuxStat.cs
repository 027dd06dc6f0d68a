using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ci.Data.Files;

/// <summary><c>statx(2)</c>, whose structure is the same on every Linux architecture: .NET itself tells neither inode nor change time.</summary>
internal static partial class LinuxStat
{
    private const int AtCurrentDirectory = -100;
    private const uint BasicStats = 0x7ff;
    private const int Size = 256;

    public static FileStamp? Of(string path)
    {
        Span<byte> buffer = stackalloc byte[Size];
        if (Statx(AtCurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(buffer)) != 0)
            return null;
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]);
        if ((mode & 0xF000) != 0x8000)
            return null;
        return new FileStamp(
            BinaryPrimitives.ReadInt64LittleEndian(buffer[40..]),
            Time(buffer[112..]),
            Time(buffer[96..]),
            BinaryPrimitives.ReadInt64LittleEndian(buffer[32..]),
            (mode & 0x40) != 0);
    }

    private static long Time(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadInt64LittleEndian(at) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(at[8..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte buffer);
}
