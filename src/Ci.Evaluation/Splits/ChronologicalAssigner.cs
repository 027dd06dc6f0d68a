using System.Globalization;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// By time: the cuts are times of rows, so that rows of one time are never parted. Rows that lie less than the gap before a cut are dropped: what
/// is known at their time may already hold what the next part is asked.
/// </summary>
internal sealed class ChronologicalAssigner : IRowAssigner
{
    private readonly int column;
    private readonly ColumnType type;
    private readonly double[] cuts;
    private readonly double gap;

    private ChronologicalAssigner(int column, ColumnType type, double[] cuts, double gap) => (this.column, this.type, this.cuts, this.gap) = (column, type, cuts, gap);

    public static ChronologicalAssigner Learn(CsvRows rows, int column, string? gap, IReadOnlyList<SplitPart> parts, double[] upTo)
    {
        using var times = new KeyRuns();
        var kind = ColumnType.DateTime;
        while (rows.Read())
        {
            if (rows.Row == 1 && CellValue.TryRead(rows.Cell(column), ColumnType.Number, out _))
                kind = ColumnType.Number;
            times.Add(new RowKey(RowKey.Ordered(Time(rows, column, kind)), 0, 0));
        }

        var found = Cut(times, upTo);
        for (var part = 0; part < found.Length; part++)
        {
            var before = part == 0 ? double.NegativeInfinity : found[part - 1];
            if (!(found[part] > before) || double.IsPositiveInfinity(found[part]))
                throw new EvaluationException($"{rows.Name}: too many rows share one value of '{rows.Columns[column]}' to cut between '{parts[part].Name}' and '{parts[part + 1].Name}'; choose other fractions, or a finer time");
        }

        return new ChronologicalAssigner(column, kind, found, GapOf(gap, kind));
    }

    public int PartOf(CsvRows rows)
    {
        var time = Time(rows, this.column, this.type);
        var part = 0;
        while (part < this.cuts.Length && time >= this.cuts[part])
            part++;
        return part < this.cuts.Length && time >= this.cuts[part] - this.gap ? -1 : part;
    }

    private static double[] Cut(KeyRuns times, double[] upTo)
    {
        long[] wanted = [.. upTo[..^1].Select(share => (long)Math.Round(share * times.Count, MidpointRounding.AwayFromZero))];
        double[] found = [.. wanted.Select(_ => double.PositiveInfinity)];
        ulong? least = null;
        long rank = 0;
        foreach (var key in times.Sorted())
        {
            least ??= key.A;
            for (var part = 0; part < wanted.Length; part++)
            {
                // A cut at the very first time would leave nothing before it.
                if (rank == wanted[part])
                    found[part] = key.A == least ? double.NegativeInfinity : Value(key.A);
            }

            rank++;
        }

        return found;
    }

    private static double Value(ulong ordered) => BitConverter.Int64BitsToDouble((ordered >> 63) == 1 ? (long)(ordered ^ (1UL << 63)) : ~(long)ordered);

    private static double Time(CsvRows rows, int column, ColumnType type)
    {
        var cell = rows.Cell(column);
        return CellValue.TryRead(cell, type, out var value) && !double.IsNaN(value)
            ? value
            : throw new EvaluationException($"{rows.Name}:{rows.Line}: column '{rows.Columns[column]}': '{BreachLog.Text(cell)}' is no {(type == ColumnType.Number ? "number, as the rows before are" : "time such as 2020-01-31T23:59:59Z")}; every row needs one to be put in order");
    }

    private static double GapOf(string? gap, ColumnType type)
    {
        if (gap is null)
            return 0;
        if (type == ColumnType.Number)
        {
            return double.TryParse(gap, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new EvaluationException($"the time column holds numbers, so the gap must be a number, too, not '{gap}'");
        }

        return Duration.TryParse(gap, out var span) ? span.TotalMicroseconds : throw new EvaluationException($"the gap must be a span of time such as 30m, 48h or 7d, not '{gap}'");
    }
}
