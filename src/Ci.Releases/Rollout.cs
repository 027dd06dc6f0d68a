namespace Ci.Releases;

/// <summary>How a channel's release spreads over its devices.</summary>
public sealed record Rollout
{
    /// <summary>When the first wave starts.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Cumulative shares, each with the time it must soak before the next.</summary>
    public required IReadOnlyList<RolloutWave> Waves { get; init; }
}
