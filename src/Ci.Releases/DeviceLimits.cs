namespace Ci.Releases;

/// <summary>What the model may cost a device.</summary>
public sealed record DeviceLimits
{
    /// <summary>All artifacts together, in bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Growth of the process's resident memory by loading and running it, in bytes; null when not limited.</summary>
    public long? MaxPeakMemoryBytes { get; init; }

    /// <summary>95th percentile of a single call, in milliseconds; null when not limited.</summary>
    public double? MaxP95LatencyMs { get; init; }
}
