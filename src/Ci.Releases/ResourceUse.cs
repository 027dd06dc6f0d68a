namespace Ci.Releases;

/// <summary>What the agent's process used; absent values were not measured.</summary>
public sealed record ResourceUse
{
    public long? ResidentBytes { get; init; }

    public long? PeakResidentBytes { get; init; }

    /// <summary>Processor seconds within the batch's time.</summary>
    public double? CpuSeconds { get; init; }

    public long? FreeDiskBytes { get; init; }
}
