using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.Data.Files;

/// <summary>
/// 128 bits as a number. Not <see cref="UInt128"/>: the ReadyToRun compiler leaves every method that passes one to the compiler at run
/// time, because its calling convention is not settled, and that was a quarter of what a start compiled.
/// </summary>
/// <param name="Upper">The higher half.</param>
/// <param name="Lower">The lower half.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Hash128(ulong Upper, ulong Lower) : IComparable<Hash128>
{
    public const int Bytes = 16;

    public static Hash128 Zero => default;

    public static bool operator <(Hash128 a, Hash128 b) => a.Upper < b.Upper || (a.Upper == b.Upper && a.Lower < b.Lower);

    public static bool operator >(Hash128 a, Hash128 b) => b < a;

    public static bool operator <=(Hash128 a, Hash128 b) => !(b < a);

    public static bool operator >=(Hash128 a, Hash128 b) => !(a < b);

    public static Hash128 operator ^(Hash128 a, Hash128 b) => new(a.Upper ^ b.Upper, a.Lower ^ b.Lower);

    /// <summary>Modulo 2¹²⁸.</summary>
    public static Hash128 operator +(Hash128 a, Hash128 b)
    {
        var lower = unchecked(a.Lower + b.Lower);
        return new Hash128(unchecked(a.Upper + b.Upper + (lower < a.Lower ? 1UL : 0)), lower);
    }

    /// <summary>Modulo 2¹²⁸.</summary>
    public static Hash128 operator -(Hash128 a, Hash128 b) =>
        new(unchecked(a.Upper - b.Upper - (a.Lower < b.Lower ? 1UL : 0)), unchecked(a.Lower - b.Lower));

    /// <summary>Of 16 bytes, the highest first.</summary>
    public static Hash128 Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Into 16 bytes, the highest first.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, this.Upper);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], this.Lower);
    }

    /// <summary>Reads up to 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> digits, out Hash128 hash)
    {
        var split = Math.Max(0, digits.Length - 16);
        var upper = 0UL;
        var isHash = digits.Length is > 0 and <= 32
            & ulong.TryParse(digits[split..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var lower)
            & (split == 0 || ulong.TryParse(digits[..split], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out upper));
        hash = isHash ? new Hash128(upper, lower) : default;
        return isHash;
    }

    public int CompareTo(Hash128 other) => this < other ? -1 : other < this ? 1 : 0;

    public bool Equals(Hash128 other) => this.Upper == other.Upper && this.Lower == other.Lower;

    public override int GetHashCode() => (int)(this.Lower ^ (this.Lower >> 32) ^ this.Upper);
}
