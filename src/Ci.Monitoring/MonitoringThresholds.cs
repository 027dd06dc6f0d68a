namespace Ci.Monitoring;

/// <summary>When to train again.</summary>
public sealed record MonitoringThresholds
{
    /// <summary>An input whose stability index is at least this has drifted. Default 0.2.</summary>
    public double StabilityIndex { get; init; } = 0.2;

    /// <summary>Fewer values say nothing about drift. Default 100.</summary>
    public long LeastValues { get; init; } = 100;

    /// <summary>Inputs that must have drifted. Default 1.</summary>
    public int LeastInputs { get; init; } = 1;
}
