using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// A row's lot: the first 64 bits of SHA-256 over the seed in decimal digits, NUL, and each named cell followed by NUL. It depends on nothing
/// but seed and cells: a row keeps its lot wherever it stands and whatever is added, and equal rows have equal lots.
/// </summary>
internal sealed class RowDraw(long seed, int[] columns)
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly byte[] seedBytes = [.. Encoding.ASCII.GetBytes(seed.ToString(CultureInfo.InvariantCulture)), 0];

    public ulong Of(CsvRows rows)
    {
        this.buffer.ResetWrittenCount();
        this.buffer.Write(this.seedBytes);
        RowBytes.Write(this.buffer, rows, columns);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(this.buffer.WrittenSpan, digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }

    /// <summary>The lot as a number in [0, 1).</summary>
    public static double Share(ulong lot) => (lot >> 11) * (1.0 / (1UL << 53));
}
