namespace Ci.Monitoring;

/// <summary>How far an input has moved from the reference.</summary>
public sealed record DriftSummary
{
    public required string Model { get; init; }

    public required string Input { get; init; }

    /// <summary>Population stability index over deciles of the reference: below 0.1 nothing, above 0.2 a shift, by custom.</summary>
    public required double StabilityIndex { get; init; }

    /// <summary>The Kolmogorov–Smirnov statistic between the two sketches.</summary>
    public required double KolmogorovSmirnov { get; init; }

    /// <summary>Values seen in the field.</summary>
    public required long Count { get; init; }
}
