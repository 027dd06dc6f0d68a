using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Rollouts;
using Ci.Statistics;

namespace Ci.EdgeAgent.Tests;

/// <summary>The canary's five tests together, as the agent uses them: simulated with fixed seeds, marks learned on the way, a look at every block.</summary>
public sealed class CanaryEvidenceTests
{
    private static readonly CanarySettings Settings = new() { SlowdownMs = 0 };

    [Fact]
    public void A_candidate_like_the_incumbent_is_sent_back_no_more_often_than_the_level()
    {
        var random = new Random(3);
        const int Runs = 300;
        var alarms = Enumerable.Range(0, Runs).Count(_ => BlocksUntilBreach(random, 120, Call(random, 1, 0.01, 0), Call(random, 1, 0.01, 0)) < 120);
        Assert.True(alarms <= Runs * Settings.Level, $"{alarms} of {Runs} were sent back");
    }

    [Theory]
    [InlineData(1.2, 0.0, 0.0)]
    [InlineData(1.0, 0.05, 0.0)]
    [InlineData(1.0, 0.0, 3.0)]
    public void A_fifth_slower_or_five_percent_more_errors_or_another_answer_are_found(double slowdown, double moreErrors, double shift)
    {
        var random = new Random(4);
        const int Runs = 100;
        var found = Enumerable.Range(0, Runs).Count(_ => BlocksUntilBreach(random, 400, Call(random, slowdown, 0.01 + moreErrors, shift), Call(random, 1, 0.01, 0)) < 400);
        Assert.True(found >= Runs * 0.95, $"{found} of {Runs} were found");
    }

    [Fact]
    public void Without_enough_requests_or_with_a_suspicion_a_step_does_not_pass()
    {
        var evidence = new CanaryEvidence(Settings);
        var time = TimeSpan.FromSeconds(Settings.StepSeconds);
        var fine = new ArmCounts(500, 0, 0, 0, 0, 0);
        Assert.Null(CanaryRule.WhyNotYet(Settings, evidence, fine, fine, time));
        Assert.NotNull(CanaryRule.WhyNotYet(Settings, evidence, fine with { Calls = 299 }, fine, time));
        Assert.NotNull(CanaryRule.WhyNotYet(Settings, evidence, fine, fine, time - TimeSpan.FromSeconds(1)));
        Assert.Contains("not excluded", CanaryRule.WhyNotYet(Settings, evidence, fine with { Errors = 8 }, fine, time), StringComparison.Ordinal);
        evidence.Add(new ArmCounts(100, 6, 0, 0, 0, 0), new ArmCounts(900, 9, 0, 0, 0, 0));
        Assert.NotNull(evidence.Suspicion);
        Assert.Null(evidence.Breach);
        Assert.Contains("perhaps it fails more often", CanaryRule.WhyNotYet(Settings, evidence, fine, fine, time), StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_that_was_kept_goes_on()
    {
        var before = new CanaryEvidence(Settings);
        before.Add(new ArmCounts(100, 6, 0, 0, 0, 0), new ArmCounts(900, 9, 0, 0, 0, 0));
        var after = new CanaryEvidence(Settings, before.State);
        Assert.Equal(before.Suspicion, after.Suspicion);
        after.Add(new ArmCounts(100, 12, 0, 0, 0, 0), new ArmCounts(900, 9, 0, 0, 0, 0));
        Assert.NotNull(after.Breach);
    }

    private static Func<CallFacts> Call(Random random, double slowdown, double errors, double shift) => () =>
        new CallFacts(random.NextDouble() < errors, slowdown * Math.Exp(0.25 * Normal(random)), shift + Normal(random));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int BlocksUntilBreach(Random random, int most, Func<CallFacts> candidate, Func<CallFacts> incumbent)
    {
        var (watch, evidence) = (new CanaryWatch(null, TimeProvider.System, Settings), new CanaryEvidence(Settings));
        for (var block = 0; block < most; block++)
        {
            for (var i = 0; i < 100; i++)
            {
                var isCandidate = random.NextDouble() < 0.1;
                watch.Count(isCandidate, isCandidate ? candidate() : incumbent());
            }

            if (watch.Close() is not { } counts)
                continue;
            evidence.Add(counts.Candidate, counts.Incumbent);
            if (evidence.Breach is not null)
                return block;
        }

        return most;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-37.3)]
    public void A_model_that_answers_the_same_nearly_always_does_not_lie_beyond_its_own_marks(double usual)
    {
        var (latency, score) = (new QuantileSketch(), new QuantileSketch());
        foreach (var answer in Enumerable.Repeat(usual, 98).Append(usual - 5).Append(usual + 5))
        {
            latency.Add(1);
            score.Add(answer);
        }

        var marks = Thresholds.Of(latency, score);
        Assert.InRange(usual, marks.Low, marks.High);
        Assert.False(usual + 5 <= marks.High || usual - 5 >= marks.Low);
    }
}
