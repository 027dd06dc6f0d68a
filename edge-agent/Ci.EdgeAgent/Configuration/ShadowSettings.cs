namespace Ci.EdgeAgent.Configuration;

/// <summary>How long a candidate answers sampled live inputs that nobody waits for (<c>shadow</c> in agent.json).</summary>
internal sealed record ShadowSettings
{
    /// <summary>The least time: 0 to 604800; 0, the default, is no shadow.</summary>
    public double Seconds { get; init; }

    /// <summary>The most time; what is undecided then is given up as inconclusive: 1 to 2592000, a day by default.</summary>
    public double MaxSeconds { get; init; } = 86_400;

    /// <summary>The share of live calls that is offered: 0.0001 to 1, 0.1 by default. What does not fit the queue is left out and counted.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>Fewer answers than this decide nothing: 1 to a million, 100 by default.</summary>
    public long LeastSamples { get; init; } = 100;

    /// <summary>An output further off than this share of the incumbent's is a disagreement: 0 to 1000, 0.05 by default.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>The share of answers that may disagree: 0 to 1; 1, the default, only tells (a new model is meant to answer differently).</summary>
    public double MaxDisagreement { get; init; } = 1;

    public static ShadowSettings Read(SettingReader read, string prefix)
    {
        var defaults = new ShadowSettings();
        return new ShadowSettings
        {
            Seconds = read.Number("shadow.seconds", prefix + "SHADOW_SECONDS", defaults.Seconds, 0, 604_800),
            MaxSeconds = read.Number("shadow.maxSeconds", prefix + "SHADOW_MAX_SECONDS", defaults.MaxSeconds, 1, 2_592_000),
            Share = read.Number("shadow.share", prefix + "SHADOW_SHARE", defaults.Share, 0.0001, 1),
            LeastSamples = read.Whole("shadow.leastSamples", prefix + "SHADOW_LEAST_SAMPLES", defaults.LeastSamples, 1, 1e6),
            Tolerance = read.Number("shadow.tolerance", prefix + "SHADOW_TOLERANCE", defaults.Tolerance, 0, 1000),
            MaxDisagreement = read.Number("shadow.maxDisagreement", prefix + "SHADOW_MAX_DISAGREEMENT", defaults.MaxDisagreement, 0, 1),
        };
    }
}
