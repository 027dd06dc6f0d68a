namespace Ci.Evaluation;

/// <summary>How long a call of <paramref name="Batch"/> rows took on <see cref="MachineFacts"/>, in milliseconds.</summary>
/// <param name="P50Ms">The median.</param>
/// <param name="P95Ms">The 95th percentile.</param>
/// <param name="Batch">Rows a call.</param>
/// <param name="Runs">Calls measured, after a warm-up.</param>
public sealed record LatencyFacts(double P50Ms, double P95Ms, int Batch, int Runs);
