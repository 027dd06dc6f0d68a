using Ci.EdgeAgent.Configuration;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>When a step of the canary ends, and how. Too little evidence is never a pass.</summary>
internal static class CanaryRule
{
    /// <summary>Null: the step has passed. Else why it has not, in words.</summary>
    public static string? WhyNotYet(CanarySettings settings, CanaryEvidence evidence, ArmCounts candidate, ArmCounts incumbent, TimeSpan elapsed)
    {
        if (elapsed.TotalSeconds < settings.StepSeconds)
            return $"{elapsed.TotalSeconds:F0} of at least {settings.StepSeconds:G} s";
        if (candidate.Calls < settings.LeastRequests)
            return $"{candidate.Calls} of at least {settings.LeastRequests} requests";
        if (evidence.Suspicion is { } suspicion)
            return suspicion;
        var (upper, before) = (MostErrors(candidate.Errors) / candidate.Calls, (double)incumbent.Errors / Math.Max(1, incumbent.Calls));
        return upper - before > settings.MaxErrorIncrease
            ? $"{candidate.Errors} of {candidate.Calls} requests failed: that an error share of {settings.MaxErrorIncrease:P1} more than before is not excluded yet"
            : null;
    }

    /// <summary>
    /// More errors than the 95 % upper bound of a Poisson mean: e + 2 + 1.645 √(e + 1); 3.65 for none (exact 3.00), 5.33 for one (4.74), 17.5 for
    /// ten (16.96).
    /// </summary>
    private static double MostErrors(long errors) => errors + 2 + (1.645 * Math.Sqrt(errors + 1));
}
