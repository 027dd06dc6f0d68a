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
}
