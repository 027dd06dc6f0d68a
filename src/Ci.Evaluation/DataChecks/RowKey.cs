using System.Runtime.InteropServices;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>What a row is sorted by, and which row it is.</summary>
/// <param name="A">Sorted by first.</param>
/// <param name="B">Sorted by second.</param>
/// <param name="Row">The row, in whatever way it is counted; sorted by last.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RowKey(ulong A, ulong B, long Row) : IComparable<RowKey>
{
    public const int Bytes = 24;

    public static RowKey Of(RowHash hash, long row) => new(hash.High, hash.Low, row);

    public static bool operator <(RowKey left, RowKey right) => left.CompareTo(right) < 0;

    public static bool operator >(RowKey left, RowKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(RowKey left, RowKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RowKey left, RowKey right) => left.CompareTo(right) >= 0;

    /// <summary>Doubles as numbers whose unsigned order is theirs.</summary>
    public static ulong Ordered(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits < 0 ? ~(ulong)bits : (ulong)bits ^ (1UL << 63);
    }

    public bool IsSameKey(RowKey other) => this.A == other.A && this.B == other.B;

    public int CompareTo(RowKey other)
    {
        var order = this.A.CompareTo(other.A);
        if (order == 0)
            order = this.B.CompareTo(other.B);
        return order == 0 ? this.Row.CompareTo(other.Row) : order;
    }
}
