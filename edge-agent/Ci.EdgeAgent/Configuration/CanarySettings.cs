using System.Globalization;

namespace Ci.EdgeAgent.Configuration;

/// <summary>How a candidate shows itself on a share of live requests before it serves all of them (<c>canary</c> in agent.json).</summary>
internal sealed record CanarySettings
{
    /// <summary>Shares of requests, rising, such as 1, 10 and 50 %; all of them is Commit's. Empty, the default: no canary (a device that is asked once an hour could never end one).</summary>
    public IReadOnlyList<double> Steps { get; init; } = [];

    /// <summary>The least time at each step: 0 to 604800, 600 by default.</summary>
    public double StepSeconds { get; init; } = 600;

    /// <summary>The most time at each step; what is undecided then is given up as inconclusive: 1 to 2592000, a day by default.</summary>
    public double MaxStepSeconds { get; init; } = 86_400;

    /// <summary>Fewer requests than this at a step decide nothing: 20 to 10 million, 300 by default.</summary>
    public long LeastRequests { get; init; } = 300;

    /// <summary>The chance that a candidate like the incumbent is sent back, over the whole canary: 0.0001 to 0.5, 0.05 by default.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>So much slower than the incumbent is still fine: 0 to 10, 0.1 (a tenth) by default.</summary>
    public double MaxSlowdown { get; init; } = 0.1;

    /// <summary>And so many milliseconds more, whatever the incumbent takes: what no caller can feel is no regression. 0 to 60000, 0.2 by default.</summary>
    public double SlowdownMs { get; init; } = 0.2;

    /// <summary>More failed requests, as a share of all, than the incumbent has must be excluded before a step passes: 0.0001 to 1, 0.02 by default.</summary>
    public double MaxErrorIncrease { get; init; } = 0.02;

    /// <summary>How many times the odds of a very low or very high answer may differ from the incumbent's: 1 to 1000, 3 by default.</summary>
    public double MaxDriftOdds { get; init; } = 3;

    public static CanarySettings Read(SettingReader read, string prefix)
    {
        var defaults = new CanarySettings();
        return new CanarySettings
        {
            Steps = Shares(read.Texts("canary.steps", prefix + "CANARY_STEPS", ',') ?? [], read.Errors),
            StepSeconds = read.Number("canary.stepSeconds", prefix + "CANARY_STEP_SECONDS", defaults.StepSeconds, 0, 604_800),
            MaxStepSeconds = read.Number("canary.maxStepSeconds", prefix + "CANARY_MAX_STEP_SECONDS", defaults.MaxStepSeconds, 1, 2_592_000),
            LeastRequests = read.Whole("canary.leastRequests", prefix + "CANARY_LEAST_REQUESTS", defaults.LeastRequests, 20, 1e7),
            Level = read.Number("canary.level", prefix + "CANARY_LEVEL", defaults.Level, 0.0001, 0.5),
            MaxSlowdown = read.Number("canary.maxSlowdown", prefix + "CANARY_MAX_SLOWDOWN", defaults.MaxSlowdown, 0, 10),
            SlowdownMs = read.Number("canary.slowdownMs", prefix + "CANARY_SLOWDOWN_MS", defaults.SlowdownMs, 0, 60_000),
            MaxErrorIncrease = read.Number("canary.maxErrorIncrease", prefix + "CANARY_MAX_ERROR_INCREASE", defaults.MaxErrorIncrease, 0.0001, 1),
            MaxDriftOdds = read.Number("canary.maxDriftOdds", prefix + "CANARY_MAX_DRIFT_ODDS", defaults.MaxDriftOdds, 1, 1000),
        };
    }

    private static List<double> Shares(IReadOnlyList<string> texts, List<string> errors)
    {
        var shares = new List<double>();
        foreach (var text in texts)
        {
            var fine = text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100;
            if (!fine)
                errors.Add($"`canary.steps`: {text} is no share of requests such as \"10%\"");
            else if (double.Parse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture) / 100 is var share && share < 1)
                shares.Add(share); // 100 % is Commit, which follows anyway.
        }

        if (shares.Zip(shares.Skip(1)).Any(pair => pair.First >= pair.Second))
            errors.Add("`canary.steps` must rise, such as [\"1%\", \"10%\", \"50%\", \"100%\"]");
        return shares;
    }
}
