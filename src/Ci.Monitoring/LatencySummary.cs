namespace Ci.Monitoring;

/// <summary>Latency in milliseconds, within the sketch's relative error.</summary>
public sealed record LatencySummary(double P50, double P95, double P99, double Max);
