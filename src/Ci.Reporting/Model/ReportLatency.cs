namespace Ci.Reporting;

/// <summary>Milliseconds a call of <see cref="Batch"/> rows took, and where.</summary>
public sealed record ReportLatency
{
    public required double P50Ms { get; init; }

    public required double P95Ms { get; init; }

    public double? P99Ms { get; init; }

    /// <summary>Ascending quantiles at even distances: each stands for the same share of calls.</summary>
    public IReadOnlyList<double>? QuantilesMs { get; init; }

    public ReportLatencyBaseline? Baseline { get; init; }

    public int Batch { get; init => field = value > 0 ? value : 1; } = 1;

    public int Runs { get; init; }

    /// <summary>Operating system, processors, runtime and provider in one line.</summary>
    public string? Machine { get; init; }
}
