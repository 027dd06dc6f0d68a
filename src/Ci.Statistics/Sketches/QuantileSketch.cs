namespace Ci.Statistics;

/// <summary>
/// Quantiles of a stream within a relative error, in bounded memory, mergeable: DDSketch (Masson, Rim, Lee: "DDSketch: a fast and
/// fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019). <see cref="Add"/> allocates only while the range of
/// magnitudes seen still grows. Where the values' magnitudes span more than the buckets, the smallest share one bucket and only
/// their quantiles lose accuracy. Not safe for several threads at once.
/// </summary>
public sealed class QuantileSketch
{
    /// <summary>Magnitudes below this count as zero.</summary>
    public const double Smallest = 1e-12;

    private const int MostBuckets = 4096;

    private readonly double gamma;
    private readonly double perLog;
    private readonly BucketStore positive = new(MostBuckets);
    private readonly BucketStore negative = new(MostBuckets);

    /// <summary>An empty sketch.</summary>
    /// <param name="relativeError">Every quantile read is within this share of a true one; from 0.0001 to 0.5.</param>
    public QuantileSketch(double relativeError = 0.01)
    {
        if (relativeError is not (>= 0.0001 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(relativeError), relativeError, "the relative error must be from 0.0001 to 0.5");
        this.RelativeError = relativeError;
        this.gamma = (1 + relativeError) / (1 - relativeError);
        this.perLog = 1 / Math.Log(this.gamma);
    }

    public double RelativeError { get; }

    /// <summary>Values counted, without <see cref="NonFinite"/>.</summary>
    public long Count => this.positive.Total + this.negative.Total + this.Zeros;

    /// <summary>Values too near zero for a logarithm.</summary>
    public long Zeros { get; private set; }

    /// <summary>NaN and infinities that were offered; they are counted here and nowhere else.</summary>
    public long NonFinite { get; private set; }

    /// <summary>The sum of all values; exact up to rounding.</summary>
    public double Sum { get; private set; }

    /// <summary>The least value, exact; NaN while empty.</summary>
    public double Min { get; private set; } = double.NaN;

    /// <summary>The greatest value, exact; NaN while empty.</summary>
    public double Max { get; private set; } = double.NaN;

    /// <summary>The mean; NaN while empty.</summary>
    public double Mean => this.Sum / this.Count;

    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            this.NonFinite++;
            return;
        }

        if (value >= Smallest)
            this.positive.Add(this.IndexOf(value), 1);
        else if (value <= -Smallest)
            this.negative.Add(this.IndexOf(-value), 1);
        else
            this.Zeros++;
        this.Sum += value;
        this.Min = value >= this.Min ? this.Min : value;
        this.Max = value <= this.Max ? this.Max : value;
    }

    /// <summary>Takes another sketch's values in, as if they had been added here.</summary>
    /// <exception cref="ArgumentException">It has another relative error.</exception>
    public void Merge(QuantileSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.RelativeError != this.RelativeError)
            throw new ArgumentException($"a sketch of relative error {other.RelativeError} cannot be merged into one of {this.RelativeError}", nameof(other));
        if (other.Count > 0)
            this.MergeCounts(other.positive.Cells(), other.negative.Cells(), other);
        this.NonFinite += other.NonFinite;
    }

    /// <summary>The value below which a share q of all values lies; within <see cref="RelativeError"/> of a true one. NaN while empty.</summary>
    /// <param name="q">From 0 to 1.</param>
    public double Quantile(double q)
    {
        if (q is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(q), q, "a quantile must be from 0 to 1");
        var count = this.Count;
        if (count == 0)
            return double.NaN;
        var rank = q * (count - 1);
        double seen = this.negative.Total;
        if (rank < seen)
            return this.Bounded(-this.ValueOf(this.negative.FromTop(rank)));
        seen += this.Zeros;
        if (rank < seen)
            return this.Bounded(0);
        return this.Bounded(this.ValueOf(this.positive.FromBottom(rank - seen)));
    }

    /// <summary>The share of values at most x, in [0, 1], where the sketch's buckets part them; NaN while empty.</summary>
    public double ShareAtMost(double x)
    {
        double below = 0;
        if (x <= -Smallest)
        {
            for (var i = this.negative.Highest; this.negative.Total > 0 && i >= Math.Max(this.negative.Lowest, this.IndexOf(-x)); i--)
                below += this.negative[i];
            return below / this.Count;
        }

        below = this.negative.Total;
        if (x > -Smallest)
            below += this.Zeros;
        for (var i = this.positive.Lowest; x >= Smallest && this.positive.Total > 0 && i <= Math.Min(this.positive.Highest, this.IndexOf(x)); i++)
            below += this.positive[i];
        return below / this.Count;
    }

    /// <summary>The sketch as plain data.</summary>
    public SketchBuckets ToBuckets() => new()
    {
        RelativeError = this.RelativeError,
        Count = this.Count,
        Sum = this.Sum,
        Min = this.Count == 0 ? null : this.Min,
        Max = this.Count == 0 ? null : this.Max,
        Zeros = this.Zeros,
        Positive = [.. this.positive.Cells()],
        Negative = [.. this.negative.Cells()],
    };

    /// <summary>The sketch that <see cref="ToBuckets"/> wrote. It may come from a device: nothing is taken on trust.</summary>
    /// <exception cref="ArgumentException">Counts that do not add up, a number that is not finite, ends that are swapped or missing.</exception>
    public static QuantileSketch FromBuckets(SketchBuckets buckets)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        buckets.Check();
        var sketch = new QuantileSketch(buckets.RelativeError);
        if (buckets.Count == 0)
            return sketch;
        foreach (var cell in buckets.Positive)
            sketch.positive.Add(cell.Index, cell.Count);
        foreach (var cell in buckets.Negative)
            sketch.negative.Add(cell.Index, cell.Count);
        sketch.Zeros = buckets.Zeros;
        (sketch.Sum, sketch.Min, sketch.Max) = (buckets.Sum, buckets.Min!.Value, buckets.Max!.Value);
        return sketch;
    }

    /// <summary>Forgets everything and keeps the memory: for counting anew without an allocation.</summary>
    public void Clear()
    {
        this.positive.Clear();
        this.negative.Clear();
        (this.Zeros, this.NonFinite, this.Sum, this.Min, this.Max) = (0, 0, 0, double.NaN, double.NaN);
    }

    /// <summary>The values at which the sketch can tell "at most" exactly, ascending: its used buckets' upper ends.</summary>
    internal IEnumerable<double> Borders()
    {
        for (var i = this.negative.Highest; this.negative.Total > 0 && i >= this.negative.Lowest; i--)
        {
            if (this.negative[i] > 0)
                yield return -this.ValueOf(i);
        }

        if (this.Zeros > 0)
            yield return 0;
        foreach (var cell in this.positive.Cells())
            yield return this.ValueOf(cell.Index);
    }

    private int IndexOf(double magnitude) => (int)Math.Ceiling(Math.Log(magnitude) * this.perLog);

    /// <summary>The value of a bucket that is nearest, relatively, to both of its ends.</summary>
    private double ValueOf(int index) => 2 * Math.Pow(this.gamma, index) / (this.gamma + 1);

    private double Bounded(double value) => Math.Clamp(value, this.Min, this.Max);

    private void MergeCounts(IEnumerable<SketchCell> positives, IEnumerable<SketchCell> negatives, QuantileSketch other)
    {
        // Ends are read before the counts move: a sketch may be merged into itself.
        foreach (var cell in positives.ToArray())
            this.positive.Add(cell.Index, cell.Count);
        foreach (var cell in negatives.ToArray())
            this.negative.Add(cell.Index, cell.Count);
        this.Zeros += other.Zeros;
        this.Sum += other.Sum;
        this.Min = other.Min >= this.Min ? this.Min : other.Min;
        this.Max = other.Max <= this.Max ? this.Max : other.Max;
    }
}
