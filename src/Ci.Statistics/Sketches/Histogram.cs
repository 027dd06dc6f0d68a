namespace Ci.Statistics;

/// <summary>Counts in bins of equal width; what lies outside is counted on its side. <see cref="Add"/> allocates nothing. Not safe for several threads at once.</summary>
public sealed class Histogram
{
    private readonly long[] counts;
    private readonly double width;

    /// <summary>An empty histogram.</summary>
    /// <param name="low">Where the first bin begins.</param>
    /// <param name="high">Where the last bin ends, above <paramref name="low"/>.</param>
    /// <param name="bins">How many, from 1 to 100,000.</param>
    public Histogram(double low, double high, int bins)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || high <= low)
            throw new ArgumentException($"a histogram needs finite ends, low below high, not {low} and {high}");
        if (bins is < 1 or > 100_000)
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "a histogram has from 1 to 100,000 bins");
        (this.Low, this.High) = (low, high);
        this.width = (high - low) / bins;
        this.counts = new long[bins];
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>Bin i counts values in [Low + i·width, Low + (i + 1)·width); the last one includes <see cref="High"/>.</summary>
    public ReadOnlySpan<long> Counts => this.counts;

    public long Below { get; private set; }

    public long Above { get; private set; }

    /// <summary>NaN that was offered.</summary>
    public long Missing { get; private set; }

    /// <summary>All values but the missing.</summary>
    public long Count { get; private set; }

    public void Add(double value)
    {
        if (double.IsNaN(value))
        {
            this.Missing++;
            return;
        }

        this.Count++;
        if (value < this.Low)
            this.Below++;
        else if (value > this.High)
            this.Above++;
        else
            this.counts[Math.Min((int)((value - this.Low) / this.width), this.counts.Length - 1)]++;
    }

    /// <summary>Takes another histogram's counts in.</summary>
    /// <exception cref="ArgumentException">It has other bins.</exception>
    public void Merge(Histogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Low != this.Low || other.High != this.High || other.counts.Length != this.counts.Length)
            throw new ArgumentException("histograms can be merged only if their bins are the same", nameof(other));
        for (var i = 0; i < this.counts.Length; i++)
            this.counts[i] += other.counts[i];
        this.Below += other.Below;
        this.Above += other.Above;
        this.Missing += other.Missing;
        this.Count += other.Count;
    }
}
