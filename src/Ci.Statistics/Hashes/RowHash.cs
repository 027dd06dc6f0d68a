using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Ci.Statistics;

/// <summary>
/// 128 bits that stand for bytes: MurmurHash3 x64 128 (Appleby, public domain), seed 0. Two different ones among 10⁹ share a hash with a chance of
/// about 10⁻²¹, unless somebody makes them so: it finds duplicates and is no proof of anything.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RowHash(ulong High, ulong Low)
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public static RowHash Of(ReadOnlySpan<byte> bytes)
    {
        ulong h1 = 0;
        ulong h2 = 0;
        var rest = bytes;
        for (; rest.Length >= 16; rest = rest[16..])
        {
            h1 ^= First(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            h1 = ((BitOperations.RotateLeft(h1, 27) + h2) * 5) + 0x52dce729;
            h2 ^= Second(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            h2 = ((BitOperations.RotateLeft(h2, 31) + h1) * 5) + 0x38495ab5;
        }

        if (!rest.IsEmpty)
        {
            Span<byte> tail = stackalloc byte[16];
            tail.Clear();
            rest.CopyTo(tail);
            if (rest.Length > 8)
                h2 ^= Second(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
            h1 ^= First(BinaryPrimitives.ReadUInt64LittleEndian(tail));
        }

        h1 ^= (ulong)bytes.Length;
        h2 ^= (ulong)bytes.Length;
        h1 += h2;
        h2 += h1;
        h1 = Mix(h1);
        h2 = Mix(h2);
        h1 += h2;
        h2 += h1;
        return new RowHash(h1, h2);
    }

    /// <summary>Of a number: 1, 1.0 and 1e0 are one value, and so are 0 and −0.</summary>
    public static RowHash Of(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);
        return new RowHash(Mix(bits ^ C1), Mix(bits + C2));
    }

    private static ulong First(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong Second(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Mix(ulong k)
    {
        k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
        k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
        return k ^ (k >> 33);
    }
}
