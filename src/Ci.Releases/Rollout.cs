namespace Ci.Releases;

/// <summary>How a channel's release spreads over its devices.</summary>
public sealed record Rollout
{
    /// <summary>When the first wave starts.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Cumulative shares, each with the time it must soak before the next.</summary>
    public required IReadOnlyList<RolloutWave> Waves { get; init; }

    /// <summary>Each device waits up to this long within its wave, by a hash of its name; 0: not at all.</summary>
    public double JitterMinutes { get; init; }

    /// <summary>How many devices of a group may change at a time; null: as many as the wave holds.</summary>
    public DisruptionBudget? Disruption { get; init; }
}
