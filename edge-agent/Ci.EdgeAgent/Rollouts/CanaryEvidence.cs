using Ci.EdgeAgent.Configuration;
using Ci.Statistics;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>
/// All that speaks against a candidate: five sequential tests (errors, the median and the tail of latency, low and high answers), which share the
/// configured level evenly, so that over the whole canary a candidate like the incumbent is sent back with at most that chance. See ADR 0024.
/// </summary>
internal sealed class CanaryEvidence
{
    /// <summary>While a test's evidence is at least this, a step does not pass.</summary>
    private const double Suspicious = 4;

    private readonly (string Name, string Words, SequentialOddsTest Test, Func<ArmCounts, long> Events)[] tests;
    private readonly double level;

    public CanaryEvidence(CanarySettings settings, IReadOnlyDictionary<string, IReadOnlyList<double>>? kept = null)
    {
        SequentialOddsTest Test(string name, double nullOdds) => new(nullOdds, kept?.GetValueOrDefault(name));
        tests =
        [
            ("errors", "it fails more often than the incumbent", Test("errors", 1), counts => counts.Errors),
            ("slow", "its median latency is beyond the incumbent's and the allowance", Test("slow", 1), counts => counts.Slow),
            ("verySlow", "its 95th percentile of latency is beyond the incumbent's and the allowance", Test("verySlow", 1), counts => counts.VerySlow),
            ("low", "it answers far lower than the incumbent", Test("low", settings.MaxDriftOdds), counts => counts.Low),
            ("high", "it answers far higher than the incumbent", Test("high", settings.MaxDriftOdds), counts => counts.High),
        ];
        level = settings.Level / tests.Length;
    }

    public IReadOnlyDictionary<string, IReadOnlyList<double>> State => tests.ToDictionary(t => t.Name, t => t.Test.State, StringComparer.Ordinal);

    /// <summary>What was proven against the candidate, in words; null while nothing was.</summary>
    public string? Breach
    {
        get
        {
            foreach (var (name, words, test, _) in tests)
            {
                if (test.PValue <= level)
                    return $"{words} ({name}: p {test.PValue:G2} at the level {level:G2})";
            }

            return null;
        }
    }

    /// <summary>What is under suspicion now, in words; null where nothing is.</summary>
    public string? Suspicion
    {
        get
        {
            foreach (var (name, words, test, _) in tests)
            {
                if (test.LogEvidence >= Math.Log(Suspicious))
                    return $"perhaps {words} ({name}: evidence {Math.Exp(test.LogEvidence):G3}, {1 / level:G3} would prove it)";
            }

            return null;
        }
    }

    /// <summary>Takes up a block of both generations under the same conditions.</summary>
    public void Add(ArmCounts candidate, ArmCounts incumbent)
    {
        foreach (var (_, _, test, events) in tests)
            test.Add(candidate.Calls, events(candidate), incumbent.Calls, events(incumbent));
    }
}
