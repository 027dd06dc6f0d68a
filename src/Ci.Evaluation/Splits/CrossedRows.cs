using System.Buffers;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Counts the rows whose cells (all of them, or a key's) stand in more than one part.</summary>
internal sealed class CrossedRows(int[] columns) : IDisposable
{
    private readonly KeyRuns runs = new();
    private readonly ArrayBufferWriter<byte> buffer = new();

    public void Add(CsvRows rows, int part)
    {
        this.buffer.ResetWrittenCount();
        RowBytes.Write(this.buffer, rows, columns);
        this.runs.Add(RowKey.Of(RowHash.Of(this.buffer.WrittenSpan), part));
    }

    public long Count()
    {
        long crossed = 0;
        long alike = 0;
        RowKey? first = null;
        var isCrossed = false;
        foreach (var key in this.runs.Sorted())
        {
            if (first is { } begun && begun.IsSameKey(key))
            {
                alike++;
                isCrossed |= key.Row != begun.Row;
                continue;
            }

            crossed += isCrossed ? alike : 0;
            (first, alike, isCrossed) = (key, 1, false);
        }

        return crossed + (isCrossed ? alike : 0);
    }

    public void Dispose() => this.runs.Dispose();
}
