using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Within each class, rows in the order of their lots: the first share goes to the first part, and so on; each class's rows in a part differ from
/// its share by less than one row. Equal rows have equal lots and stay together, by which a part may get some more.
/// </summary>
internal sealed class StratifiedAssigner : IRowAssigner
{
    private const int MostClasses = 10_000;

    private readonly RowDraw draw;
    private readonly int column;
    private readonly Dictionary<string, int> classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly List<UInt128[]> cuts = [];
    private char[] text = new char[256];

    private StratifiedAssigner(RowDraw draw, int column)
    {
        (this.draw, this.column) = (draw, column);
        this.lookup = this.classes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Looks at all rows for the cuts.</summary>
    public static StratifiedAssigner Learn(CsvRows rows, RowDraw draw, int column, double[] upTo)
    {
        var assigner = new StratifiedAssigner(draw, column);
        using var lots = new KeyRuns();
        var counts = new List<long>();
        while (rows.Read())
        {
            var number = assigner.ClassOf(rows, counts);
            counts[number]++;
            lots.Add(new RowKey((ulong)number, draw.Of(rows), 0));
        }

        assigner.Cut(lots, counts, upTo);
        return assigner;
    }

    public int PartOf(CsvRows rows)
    {
        var own = this.cuts[this.ClassOf(rows, null)];
        UInt128 lot = this.draw.Of(rows);
        var part = 0;
        while (part < own.Length && lot >= own[part])
            part++;
        return part;
    }

    private int ClassOf(CsvRows rows, List<long>? counts)
    {
        var cell = rows.Cell(this.column);
        if (cell.Length > this.text.Length)
            this.text = new char[cell.Length];
        var name = this.text.AsSpan(0, Encoding.UTF8.GetChars(cell, this.text));
        if (this.lookup.TryGetValue(name, out var number))
            return number;
        if (counts is null || this.classes.Count == MostClasses)
            throw new EvaluationException($"{rows.Name}: the column '{rows.Columns[this.column]}' has more than {MostClasses} values: is it a class? `--by grouped` keeps its values together instead");
        counts.Add(0);
        return this.lookup[name] = this.classes.Count;
    }

    private void Cut(KeyRuns lots, List<long> counts, double[] upTo)
    {
        foreach (var _ in counts)
            this.cuts.Add([.. Enumerable.Repeat(UInt128.One << 64, upTo.Length - 1)]);
        var (own, rank) = (-1, 0L);
        foreach (var key in lots.Sorted())
        {
            if ((int)key.A != own)
                (own, rank) = ((int)key.A, 0);
            for (var part = 0; part < upTo.Length - 1; part++)
            {
                if (rank == (long)Math.Round(upTo[part] * counts[own], MidpointRounding.AwayFromZero))
                    this.cuts[own][part] = key.B;
            }

            rank++;
        }
    }
}
