namespace Ci.Reporting;

/// <summary>One metric over all evaluation rows. <see cref="Training"/> is the value on the training rows: only ever a warning.</summary>
public sealed record ReportMetric
{
    public required string Name { get; init; }

    public string? Unit { get; init; }

    /// <summary>"lower" or "higher": which way is better; null where neither is (a bias).</summary>
    public string? Direction { get; init; }

    public required Measurement Candidate { get; init; }

    public Measurement? Baseline { get; init; }

    public double? Training { get; init; }
}
