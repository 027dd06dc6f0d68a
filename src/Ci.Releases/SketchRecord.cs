namespace Ci.Releases;

/// <summary>
/// A mergeable quantile sketch on the wire (DDSketch: values in logarithmic buckets). Bucket <c>i</c> holds the values in
/// (γ^(i−1), γ^i] with γ = (1 + relativeError) / (1 − relativeError).
/// </summary>
public sealed record SketchRecord
{
    /// <summary>Every quantile read from it is within this share of the true value; in (0, 1).</summary>
    public required double RelativeError { get; init; }

    public required long Count { get; init; }

    public double Sum { get; init; }

    /// <summary>Null while nothing was counted.</summary>
    public double? Min { get; init; }

    /// <summary>Null while nothing was counted.</summary>
    public double? Max { get; init; }

    /// <summary>Values too near zero for a logarithm.</summary>
    public long Zeros { get; init; }

    public IReadOnlyList<SketchBucket> Positive { get; init => field = Absent.Or(value); } = [];

    /// <summary>Buckets of the absolute values of negative numbers.</summary>
    public IReadOnlyList<SketchBucket> Negative { get; init => field = Absent.Or(value); } = [];

    internal bool IsValid =>
        double.IsFinite(RelativeError) && RelativeError is > 0 and < 1 && Count >= 0 && Zeros >= 0
        && double.IsFinite(Sum) && (Min is null || double.IsFinite(Min.Value)) && (Max is null || double.IsFinite(Max.Value))
        && Positive.Count <= 8192 && Negative.Count <= 8192
        && Positive.All(bucket => bucket.Count > 0) && Negative.All(bucket => bucket.Count > 0)
        && Positive.Sum(bucket => (double)bucket.Count) + Negative.Sum(bucket => (double)bucket.Count) + Zeros == Count;
}
