using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Ci.Data.Files;

/// <summary>
/// 128 bits that stand for a path, so that what is known of many files needs no strings. Not for trust: whoever makes two paths fall
/// together must still make two files with one inode and one time of change.
/// </summary>
internal static class FileKey
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;
    private const ulong Third = 0x165667B19E3779F9;

    /// <summary>Of an absolute path.</summary>
    public static Hash128 Of(string path)
    {
        var key = Hash128.Zero;
        Span<byte> buffer = stackalloc byte[1024];
        foreach (var part in path.AsSpan().Split(Path.DirectorySeparatorChar))
        {
            var name = path.AsSpan()[part];
            if (name.IsEmpty)
                continue;
            key = Encoding.UTF8.TryGetBytes(name, buffer, out var length) ? Of(key, buffer[..length]) : Of(key, Encoding.UTF8.GetBytes(name.ToString()));
        }

        return key;
    }

    /// <summary>Of an entry in a folder.</summary>
    public static Hash128 Of(Hash128 folder, ReadOnlySpan<byte> name)
    {
        var (a, b) = (folder.Upper ^ ((ulong)name.Length * First), folder.Lower);
        for (; name.Length >= sizeof(ulong); name = name[sizeof(ulong)..])
            Mix(ref a, ref b, BinaryPrimitives.ReadUInt64LittleEndian(name));
        var rest = 0UL;
        for (var i = 0; i < name.Length; i++)
            rest |= (ulong)name[i] << (8 * i);
        Mix(ref a, ref b, rest);
        return End(a, b);
    }

    /// <summary>Of a file as it lies at its place: other bytes, other key, as far as a stamp tells.</summary>
    public static Hash128 Of(Hash128 file, in FileStamp stamp)
    {
        var (a, b) = (file.Upper, file.Lower);
        Mix(ref a, ref b, (ulong)stamp.Size);
        Mix(ref a, ref b, (ulong)stamp.Modified);
        Mix(ref a, ref b, (ulong)stamp.Changed);
        Mix(ref a, ref b, (ulong)stamp.Inode + (stamp.IsExecutable ? First : 0));
        return End(a, b);
    }

    private static void Mix(ref ulong a, ref ulong b, ulong word)
    {
        var high = Math.BigMul(a ^ word ^ Second, First ^ (b | 1), out var low);
        a = BitOperations.RotateLeft(a + word, 27) ^ low;
        b = (BitOperations.RotateLeft(b ^ word, 31) * Third) + high;
    }

    private static Hash128 End(ulong a, ulong b)
    {
        var high = Math.BigMul(a ^ Third, Second, out var low);
        a ^= BitOperations.RotateLeft(b, 17) ^ low;
        b = (b ^ high ^ (b >> 29)) * First;
        b ^= b >> 32;
        a = (a ^ (a >> 31)) * Second;
        return new Hash128(a ^ (a >> 30) ^ b, b);
    }
}
