using System.Globalization;

namespace Ci.Statistics;

/// <summary>
/// What is known of one column after one pass, in bounded memory: missing cells, different values, the frequent ones, and of numbers range, mean,
/// spread and a sample. Not safe for several threads at once.
/// </summary>
public sealed class ColumnProfile
{
    private const int MostNumberValues = 20;

    private readonly DistinctCount distinct = new();
    private readonly SeriesMemory memory = new();
    private RowHash previous;
    private long repeats;

    /// <summary>An empty profile.</summary>
    /// <param name="sample">Numbers kept at most, for quantiles and tests.</param>
    /// <param name="seed">Of the sample's draws.</param>
    /// <param name="isNumeric">Whether its cells are counted as numbers.</param>
    public ColumnProfile(int sample, ulong seed, bool isNumeric)
    {
        this.Sample = isNumeric ? new Reservoir(sample, seed) : null;
        this.Values = new ValueCounts(isNumeric ? MostNumberValues : 1_000);
    }

    /// <summary>Cells that hold something of the wanted kind.</summary>
    public long Count { get; private set; }

    public long Missing { get; private set; }

    /// <summary>Of numbers; NaN before the first.</summary>
    public double Min { get; private set; } = double.NaN;

    public double Max { get; private set; } = double.NaN;

    public double Mean => this.memory.Mean;

    public double StandardDeviation => this.memory.StandardDeviation;

    public long Distinct => this.distinct.Count;

    public bool IsDistinctExact => this.distinct.IsExact;

    /// <summary>Each value's number of cells, where these are few.</summary>
    public ValueCounts Values { get; }

    /// <summary>A sample of a numeric column; null of any other.</summary>
    public Reservoir? Sample { get; }

    /// <summary>How many neighbouring rows tell as much as one independent row; see <see cref="SeriesMemory.RowsPerIndependent"/>.</summary>
    public double RowsPerIndependent => SeriesMemory.RowsPerIndependent(this.Sample is null ? this.Likeness() : this.memory.Autocorrelation, this.Count);

    public void AddMissing() => this.Missing++;

    /// <summary>Counts a number.</summary>
    public RowHash AddNumber(double value)
    {
        this.Count++;
        this.Sample!.Add(value);
        this.memory.Add(value);
        this.Min = value >= this.Min ? this.Min : value;
        this.Max = value <= this.Max ? this.Max : value;
        if (!this.Values.GaveUp)
        {
            Span<char> text = stackalloc char[40];
            value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
            this.Values.Add(text[..length]);
        }

        var hash = RowHash.Of(value);
        this.distinct.Add(hash);
        return hash;
    }

    /// <summary>Counts a text of UTF-8.</summary>
    public RowHash AddText(ReadOnlySpan<byte> cell)
    {
        this.Count++;
        this.Values.Add(cell);
        var hash = RowHash.Of(cell);
        this.distinct.Add(hash);
        this.repeats += this.Count > 1 && hash == this.previous ? 1 : 0;
        this.previous = hash;
        return hash;
    }

    // Kappa: how much more often neighbours are alike than the values' shares alone make them. Of two categories that is their autocorrelation.
    private double Likeness()
    {
        if (this.Values.GaveUp || this.Count < 3)
            return 0;
        var byChance = this.Values.Counts.Values.Sum(count => (double)count * count) / this.Count / this.Count;
        return byChance >= 1 ? 0 : ((this.repeats / (double)(this.Count - 1)) - byChance) / (1 - byChance);
    }
}
