namespace Ci.EdgeAgent.Telemetry;

/// <summary>
/// A quantile sketch with bounded relative error (DDSketch, https://arxiv.org/abs/1908.10693) in the bucket layout of
/// <see cref="Ci.Releases.SketchRecord"/>. Bounded memory; <see cref="Add"/> allocates only while its range still widens. Not thread-safe.
/// </summary>
internal sealed class QuantileSketch
{
    private const double Accuracy = 0.01;
    private const double Smallest = 1e-9;
    private static readonly double LogGamma = Math.Log((1 + Accuracy) / (1 - Accuracy));
    private readonly Buckets positive = new();
    private readonly Buckets negative = new();
    private long zeros;

    public double RelativeError => Accuracy;

    public long Count => zeros + positive.Total + negative.Total;

    public double Sum { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    public void Add(double value)
    {
        if (!double.IsFinite(value))
            return;
        Sum = Math.Clamp(Sum + value, double.MinValue, double.MaxValue);
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
        if (Math.Abs(value) <= Smallest)
            zeros++;
        else
            (value > 0 ? positive : negative).Add((int)Math.Ceiling(Math.Log(Math.Abs(value)) / LogGamma));
    }

    /// <summary>The value at quantile <paramref name="q"/> in [0, 1], within one per cent; NaN while empty.</summary>
    public double Quantile(double q)
    {
        if (Count == 0)
            return double.NaN;
        var rank = (long)(q * (Count - 1));
        if (rank < negative.Total)
            return Math.Clamp(-Value(negative.At(negative.Total - 1 - rank)), Min, Max);
        rank -= negative.Total;
        return rank < zeros ? 0 : Math.Clamp(Value(positive.At(rank - zeros)), Min, Max);
    }

    public (long Zeros, IEnumerable<(int Index, long Count)> Positive, IEnumerable<(int Index, long Count)> Negative) ToBuckets() =>
        (zeros, positive.Filled(), negative.Filled());

    // The middle of (γ^(i−1), γ^i] in relative terms.
    private static double Value(int index) => 2 * Math.Exp(index * LogGamma) / (1 + Math.Exp(LogGamma));

    private sealed class Buckets
    {
        private const int Most = 4096;
        private long[] counts = [];
        private int first;

        public long Total { get; private set; }

        public void Add(int index)
        {
            Total++;
            if (counts.Length == 0)
                (counts, first) = (new long[64], index - 32);
            else if (index < first || index >= first + counts.Length)
                Widen(index);
            counts[Math.Clamp(index - first, 0, counts.Length - 1)]++;
        }

        public int At(long rank)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                rank -= counts[i];
                if (rank < 0)
                    return first + i;
            }

            return first + counts.Length - 1;
        }

        public IEnumerable<(int Index, long Count)> Filled()
        {
            for (var i = 0; i < counts.Length; i++)
            {
                if (counts[i] > 0)
                    yield return (first + i, counts[i]);
            }
        }

        // Beyond 4096 buckets (a factor of 10^35) the outermost one takes what does not fit.
        private void Widen(int index)
        {
            var low = Math.Max(Math.Min(first, index - 32), first + counts.Length - Most);
            var high = Math.Min(Math.Max(first + counts.Length, index + 32), low + Most);
            if (low == first && high == first + counts.Length)
                return;
            var wider = new long[high - low];
            Array.Copy(counts, 0, wider, first - low, counts.Length);
            (counts, first) = (wider, low);
        }
    }
}
