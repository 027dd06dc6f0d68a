namespace Ci.Reporting;

/// <summary>The baseline's latency, where it was measured on the same kind of machine with the same runtime.</summary>
public sealed record ReportLatencyBaseline
{
    public required double P50Ms { get; init; }

    public required double P95Ms { get; init; }

    public double? P99Ms { get; init; }

    public IReadOnlyList<double>? QuantilesMs { get; init; }
}
