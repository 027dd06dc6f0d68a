namespace Ci.Statistics.Tests;

/// <summary>Simulations with fixed seeds: what the canary promises about false alarms and about what it finds.</summary>
public sealed class SequentialOddsTestTests
{
    private const double Level = 0.05;

    [Theory]
    [InlineData(0.01, 0.1)]
    [InlineData(0.5, 0.1)]
    [InlineData(0.1, 0.5)]
    public void Without_a_difference_looking_after_every_block_alarms_no_more_often_than_the_level(double rate, double share)
    {
        var random = new Random(20240);
        var alarms = 0;
        const int Runs = 400;
        for (var run = 0; run < Runs; run++)
        {
            var test = new SequentialOddsTest();
            for (var block = 0; block < 150 && test.PValue > Level; block++)
            {
                // The base rate moves from block to block: the test is given no stationary world.
                var now = rate * (1 + (0.9 * Math.Sin(block)));
                Block(test, random, 60, share, now, now);
            }

            alarms += test.PValue <= Level ? 1 : 0;
        }

        Assert.True(alarms <= Runs * Level, $"{alarms} of {Runs} runs alarmed");
    }

    [Fact]
    public void A_difference_within_the_margin_is_no_alarm_either()
    {
        var random = new Random(5);
        var alarms = Enumerable.Range(0, 300).Count(_ =>
        {
            var test = new SequentialOddsTest(nullOdds: 3);
            for (var block = 0; block < 100 && test.PValue > Level; block++)
                Block(test, random, 100, 0.5, 0.25, 0.1);
            return test.PValue <= Level;
        });
        Assert.True(alarms <= 300 * Level, $"{alarms} of 300 runs alarmed");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.01)]
    public void Five_percent_more_errors_are_found_nearly_always(double before)
    {
        var random = new Random(77);
        var needed = Enumerable.Range(0, 200).Select(_ => Needed(() => new SequentialOddsTest(), test => Block(test, random, 100, 0.1, before + 0.05, before), 300)).ToList();
        Assert.True(needed.Count(n => n < 300) >= 190, $"found in {needed.Count(n => n < 300)} of 200 runs");
    }

    [Fact]
    public void Answers_that_take_a_fifth_longer_are_found_at_a_margin_of_a_tenth()
    {
        var random = new Random(11);
        var needed = Enumerable.Range(0, 200).Select(_ => Needed(() => new SequentialOddsTest(), test => LatencyBlock(test, random, 100, 0.1, 1.2), 300)).ToList();
        Assert.True(needed.Count(n => n < 300) >= 190, $"found in {needed.Count(n => n < 300)} of 200 runs");
        var quiet = Enumerable.Range(0, 200).Select(_ => Needed(() => new SequentialOddsTest(), test => LatencyBlock(test, random, 100, 0.1, 1.1), 300)).ToList();
        Assert.True(quiet.Count(n => n < 300) <= 10, $"a tenth longer is allowed, and alarmed in {quiet.Count(n => n < 300)} of 200 runs");
    }

    [Fact]
    public void Going_on_from_a_kept_state_is_the_same_as_never_having_stopped()
    {
        var (whole, first) = (new SequentialOddsTest(2), new SequentialOddsTest(2));
        whole.Add(20, 5, 200, 10);
        first.Add(20, 5, 200, 10);
        var second = new SequentialOddsTest(2, first.State);
        whole.Add(30, 9, 100, 2);
        second.Add(30, 9, 100, 2);
        Assert.Equal(whole.LogEvidence, second.LogEvidence);
        Assert.Equal(whole.PValue, second.PValue);
    }

    [Fact]
    public void One_block_equals_the_likelihood_ratio_worked_out_by_hand()
    {
        // 1 of 1 against 0 of 1: under odds ratio w the candidate has the one event with probability w / (w + 1), under the null 1 / 2.
        double[] odds = [1.2, 1.5, 2, 3, 5, 10, 30, 100, 1000];
        var test = new SequentialOddsTest();
        test.Add(1, 1, 1, 0);
        Assert.Equal(odds.Average(w => 2 * w / (w + 1)), Math.Exp(test.LogEvidence), 12);
    }

    [Fact]
    public void Blocks_that_compare_nothing_change_nothing()
    {
        var test = new SequentialOddsTest();
        test.Add(10, 0, 90, 0);
        test.Add(10, 10, 0, 0);
        test.Add(0, 0, 10, 10);
        test.Add(10, 10, 10, 10);
        Assert.Equal(0, test.LogEvidence, 12);
        Assert.Equal(1, test.PValue);
        Assert.Throws<ArgumentException>(() => test.Add(1, 2, 1, 0));
    }

    private static int Needed(Func<SequentialOddsTest> make, Action<SequentialOddsTest> block, int most)
    {
        var test = make();
        for (var i = 0; i < most; i++)
        {
            block(test);
            if (test.PValue <= Level)
                return i;
        }

        return most;
    }

    private static void Block(SequentialOddsTest test, Random random, int requests, double share, double candidateRate, double incumbentRate)
    {
        var (c, ce, i, ie) = (0, 0, 0, 0);
        for (var request = 0; request < requests; request++)
        {
            if (random.NextDouble() < share)
                (c, ce) = (c + 1, ce + (random.NextDouble() < candidateRate ? 1 : 0));
            else
                (i, ie) = (i + 1, ie + (random.NextDouble() < incumbentRate ? 1 : 0));
        }

        test.Add(c, ce, i, ie);
    }

    private static void LatencyBlock(SequentialOddsTest test, Random random, int requests, double share, double slowdown)
    {
        // Latencies are lognormal with a spread of a quarter; the event is lying above the incumbent's median, for the candidate a tenth above.
        var (c, ce, i, ie) = (0, 0, 0, 0);
        for (var request = 0; request < requests; request++)
        {
            var latency = Math.Exp(0.25 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            if (random.NextDouble() < share)
                (c, ce) = (c + 1, ce + (latency * slowdown > 1.1 ? 1 : 0));
            else
                (i, ie) = (i + 1, ie + (latency > 1 ? 1 : 0));
        }

        test.Add(c, ce, i, ie);
    }
}
