namespace Ci.Releases;

/// <summary>How many devices of one group may change at a time, so that the others carry on.</summary>
public sealed record DisruptionBudget
{
    /// <summary>The share of a group that may change within one window (0 &lt; share ≤ 1).</summary>
    public required double Share { get; init; }

    /// <summary>The length of a window.</summary>
    public required double WindowMinutes { get; init; }
}
