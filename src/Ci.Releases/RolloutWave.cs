namespace Ci.Releases;

/// <summary>A share of the devices, counted from none (0 &lt; share ≤ 1), and how long it soaks before the next wave.</summary>
public sealed record RolloutWave
{
    public required double Share { get; init; }

    public required double SoakMinutes { get; init; }
}
