namespace Ci.Evaluation;

/// <summary>How long a call of <paramref name="Batch"/> rows took on <see cref="MachineFacts"/>, in milliseconds.</summary>
/// <param name="P50Ms">The median.</param>
/// <param name="P95Ms">The 95th percentile.</param>
/// <param name="Batch">Rows a call.</param>
/// <param name="Runs">Calls measured, after a warm-up.</param>
public sealed record LatencyFacts(double P50Ms, double P95Ms, int Batch, int Runs)
{
    /// <summary>Quantiles that are kept.</summary>
    public const int Quantiles = 50;

    /// <summary>The 99th percentile; null in documents that an earlier version wrote.</summary>
    public double? P99Ms { get; init; }

    /// <summary>The quantiles at (i + ½) / 50, ascending: each stands for one call in fifty. Null in documents that an earlier version wrote.</summary>
    public IReadOnlyList<double>? QuantilesMs { get; init; }
}
