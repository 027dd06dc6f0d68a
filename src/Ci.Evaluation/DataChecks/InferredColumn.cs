using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>What a column seems to be, from all of its cells: a type is given up at the first cell that is none of it.</summary>
internal sealed class InferredColumn(string name)
{
    private const int MostCategories = 50;
    private const int LeastRowsPerCategory = 5;

    private static readonly ColumnType[] Candidates = [ColumnType.Whole, ColumnType.Number, ColumnType.Boolean, ColumnType.Date, ColumnType.DateTime];

    private readonly List<ColumnType> possible = [.. Candidates];
    private readonly ValueCounts values = new(MostCategories);
    private readonly DistinctCount distinct = new();
    private long nan;
    private double previous = double.NaN;

    public string Name { get; } = name;

    public long Count { get; private set; }

    public long Empty { get; private set; }

    /// <summary>Cells that hold nothing, as the type sees it: NaN is missing among numbers and a text among texts.</summary>
    public long Missing => this.Empty + (this.Type.IsNumber() ? this.nan : 0);

    public double Min { get; private set; } = double.NaN;

    public double Max { get; private set; } = double.NaN;

    public int Shortest { get; private set; } = int.MaxValue;

    public int Longest { get; private set; }

    /// <summary>Whether every value exceeded the one before.</summary>
    public bool IsIncreasing { get; private set; } = true;

    /// <summary>The distance between neighbours where it is always the same; NaN where it is not, or nothing is known.</summary>
    public double Step { get; private set; } = double.NaN;

    public bool IsUnique => this.distinct.IsExact && this.distinct.Count == this.Count - this.nan && this.nan == 0;

    public bool IsConstant => this.distinct.Count == 1;

    /// <summary>The values of a category, the most frequent first.</summary>
    public IReadOnlyList<string> Values => [.. this.values.Counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)];

    public bool HasFewValues => !this.values.GaveUp;

    public ColumnType Type => this switch
    {
        _ when this.Count == 0 => ColumnType.Text,
        { possible: [var first, ..] } => first,
        _ => !this.values.GaveUp && this.Count >= (long)LeastRowsPerCategory * this.values.Counts.Count ? ColumnType.Category : ColumnType.Text,
    };

    public void Add(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            this.Empty++;
            return;
        }

        this.Count++;
        this.values.Add(cell);
        this.distinct.Add(RowHash.Of(cell));
        var length = 0;
        foreach (var b in cell)
            length += (b & 0xC0) != 0x80 ? 1 : 0;
        this.Shortest = Math.Min(this.Shortest, length);
        this.Longest = Math.Max(this.Longest, length);
        this.Measure(cell);
    }

    private void Measure(ReadOnlySpan<byte> cell)
    {
        var value = double.NaN;
        for (var i = this.possible.Count - 1; i >= 0; i--)
        {
            var read = double.NaN;
            var fits = this.possible[i] == ColumnType.Boolean ? BooleanCell.TryRead(cell) is not null : CellValue.TryRead(cell, this.possible[i], out read);
            if (!fits)
                this.possible.RemoveAt(i);
            else if (!double.IsNaN(read))
                value = read;
        }

        if (double.IsNaN(value))
        {
            this.nan += this.possible.Contains(ColumnType.Number) ? 1 : 0;
            return;
        }

        this.Min = value >= this.Min ? this.Min : value;
        this.Max = value <= this.Max ? this.Max : value;
        if (!double.IsNaN(this.previous))
            this.Follow(value - this.previous);
        this.previous = value;
    }

    private void Follow(double step)
    {
        this.IsIncreasing &= step > 0;
        if (double.IsNaN(this.Step))
            this.Step = step;
        else if (step != this.Step)
            this.Step = double.PositiveInfinity;
    }
}
