using System.Buffers;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Cells of a row as one run of bytes: each cell's UTF-8 and a NUL, which no cell holds; so different cells give different bytes.</summary>
internal static class RowBytes
{
    public static void Write(ArrayBufferWriter<byte> to, CsvRows rows, ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
            Write(to, rows.Cell(column));
    }

    public static void Write(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> cell)
    {
        to.Write(cell);
        to.GetSpan(1)[0] = 0;
        to.Advance(1);
    }
}
