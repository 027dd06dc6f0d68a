namespace Ci.Statistics;

/// <summary>
/// A <see cref="QuantileSketch"/> as plain data, for sending. Bucket i holds values in (γ^(i−1), γ^i] with γ = (1 + e) / (1 − e), e the
/// relative error; <see cref="Negative"/> holds the absolute values of negative numbers the same way. Cells ascend, counts are above 0.
/// </summary>
public sealed record SketchBuckets
{
    public required double RelativeError { get; init; }

    public required long Count { get; init; }

    public double Sum { get; init; }

    /// <summary>Null while nothing was counted.</summary>
    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Values too near zero for a logarithm.</summary>
    public long Zeros { get; init; }

    public IReadOnlyList<SketchCell> Positive { get; init; } = [];

    public IReadOnlyList<SketchCell> Negative { get; init; } = [];

    /// <summary>Whether it can be the data of a sketch. It may come from a device: nothing is taken on trust.</summary>
    /// <exception cref="ArgumentException">Counts that do not add up, a number that is not finite, ends that are swapped or missing.</exception>
    internal void Check()
    {
        if (this.RelativeError is not (>= 0.0001 and <= 0.5))
            throw new ArgumentException($"a sketch's relative error must be from 0.0001 to 0.5, not {this.RelativeError}");
        if (this.Zeros < 0 || this.Positive.Concat(this.Negative).Any(cell => cell.Count <= 0 || Math.Abs((long)cell.Index) > 10_000_000))
            throw new ArgumentException("a sketch's counts must be above 0 and its bucket numbers within ±10,000,000");
        double total = this.Zeros;
        foreach (var cell in this.Positive.Concat(this.Negative))
            total += cell.Count;
        if (total != this.Count)
            throw new ArgumentException($"a sketch's buckets hold {total} values, but it says {this.Count}");
        if (this.Count > 0 && !(this.Min <= this.Max && double.IsFinite(this.Min.Value) && double.IsFinite(this.Max.Value) && double.IsFinite(this.Sum)))
            throw new ArgumentException("a sketch's min, max and sum must be finite, and min at most max");
    }
}
