namespace Ci.EdgeAgent.Configuration;

/// <summary>When the agent counts as stuck and when it stops waiting (<c>health</c> in agent.json).</summary>
internal sealed record HealthSettings
{
    /// <summary>The most seconds that an update may stand in one state without the agent counting as stuck (fetching and watching have their own limits and never count): 10 to 86400, 900 by default.</summary>
    public double StuckSeconds { get; init; } = 900;

    /// <summary>Seconds that requests under way get to end when the agent is stopped: 0 to 3600, 20 by default.</summary>
    public double DrainSeconds { get; init; } = 20;

    public static HealthSettings Read(SettingReader read, string prefix)
    {
        var defaults = new HealthSettings();
        return new HealthSettings
        {
            StuckSeconds = read.Number("health.stuckSeconds", prefix + "HEALTH_STUCK_SECONDS", defaults.StuckSeconds, 10, 86_400),
            DrainSeconds = read.Number("health.drainSeconds", prefix + "HEALTH_DRAIN_SECONDS", defaults.DrainSeconds, 0, 3600),
        };
    }
}
