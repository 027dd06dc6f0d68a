namespace Ci.Statistics.Tests;

public sealed class ResamplingTests
{
    [Fact]
    public void Statistics_equal_their_metrics_on_all_rows()
    {
        var random = new Random(2);
        var n = 300;
        var target = Many(n, _ => random.Next(5) == 0 ? 0 : SketchTests.Normal(random) + 30);
        var prediction = Many(n, i => target[i] + SketchTests.Normal(random));
        Assert.Equal(RegressionMetrics.Rmse(target, prediction), MetricStatistics.Rmse(target, prediction).Value, 1e-10);
        Assert.Equal(RegressionMetrics.Mae(target, prediction), MetricStatistics.Mae(target, prediction).Value, 1e-10);
        Assert.Equal(RegressionMetrics.Mape(target, prediction), MetricStatistics.Mape(target, prediction).Value, 1e-10);
        Assert.Equal(RegressionMetrics.Bias(target, prediction), MetricStatistics.Bias(target, prediction).Value, 1e-10);
        Assert.Equal(RegressionMetrics.R2(target, prediction), MetricStatistics.R2(target, prediction).Value, 1e-10);

        var truth = Many(n, _ => random.Next(2));
        var score = Many(n, i => Math.Round((truth[i] * 0.2) + (random.NextDouble() * 0.8), 2));
        Assert.Equal(ClassificationMetrics.RocAuc(truth, score), MetricStatistics.RocAuc(truth, score).Value, 1e-12);
        Assert.Equal(ClassificationMetrics.PrAuc(truth, score), MetricStatistics.PrAuc(truth, score).Value, 1e-12);
        Assert.Equal(ClassificationMetrics.LogLoss(truth, score), MetricStatistics.LogLoss(truth, score).Value, 1e-10);
        Assert.Equal(ClassificationMetrics.Brier(truth, score), MetricStatistics.Brier(truth, score).Value, 1e-10);

        var classes = Many(n, _ => random.Next(4));
        var labels = Many(n, i => random.Next(3) > 0 ? classes[i] : random.Next(4));
        var probabilities = Many(n * 4, _ => random.NextDouble());
        Assert.Equal(ClassificationMetrics.Accuracy(classes, labels), MetricStatistics.Accuracy(classes, labels).Value, 1e-12);
        Assert.Equal(ClassificationMetrics.F1Macro(classes, labels), MetricStatistics.F1Macro(classes, labels).Value, 1e-12);
        Assert.Equal(ClassificationMetrics.LogLoss(classes, probabilities, 4), MetricStatistics.LogLoss(classes, probabilities, 4).Value, 1e-10);
        Assert.Equal(ClassificationMetrics.Brier(classes, probabilities, 4), MetricStatistics.Brier(classes, probabilities, 4).Value, 1e-10);
    }

    [Fact]
    public void A_resample_by_weights_equals_one_by_sums()
    {
        var random = new Random(4);
        var truth = Many(101, _ => random.Next(2));
        var other = Many(101, _ => random.Next(2));
        var fast = MetricStatistics.Accuracy(truth, other);
        var slow = new Weighted(truth, other);
        var both = Bootstrap.Distributions([fast, slow], 7, 50, 1);
        Assert.All(both[0].Draws.Zip(both[1].Draws), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.True(both[0].Draws.Distinct().Count() > 10);
    }

    [Fact]
    public void The_spread_of_a_mean_equals_its_closed_form()
    {
        // The bootstrap's standard error of a mean of n independent rows is √(Σ(x − x̄)²)/n.
        var random = new Random(6);
        var x = Many(400, _ => SketchTests.Normal(random) * 3);
        var mean = x.Average();
        var expected = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean))) / x.Length;
        var draws = Bootstrap.Distributions([Mean(x)], 1, 4_000, 9)[0];
        Assert.Equal(expected, Math.Sqrt(draws.Draws.Average(d => (d - mean) * (d - mean))), 0.04 * expected);
        var interval = draws.Interval(0.95)!;
        Assert.Equal(mean - (1.96 * expected), interval.Low, 0.1 * expected);
        Assert.Equal(mean + (1.96 * expected), interval.High, 0.1 * expected);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_gives_others()
    {
        var x = Many(50, i => i * 1.5 % 7);
        Assert.Equal(Bootstrap.Distributions([Mean(x)], 5, 20, 1)[0].Draws, Bootstrap.Distributions([Mean(x)], 5, 20, 1)[0].Draws);
        Assert.NotEqual(Bootstrap.Distributions([Mean(x)], 5, 20, 1)[0].Draws, Bootstrap.Distributions([Mean(x)], 5, 20, 2)[0].Draws);
    }

    [Fact]
    public void Every_row_is_drawn_as_often_as_any_other()
    {
        // On a ring no row is near an end: the mean of the resamples is the mean of the rows, though the blocks are long and the rows a ramp.
        var ramp = Many(60, i => i);
        var draws = Bootstrap.Distributions([Mean(ramp)], 12, 20_000, 5)[0].Draws;
        Assert.Equal(29.5, draws.Average(), 0.15);
    }

    [Fact]
    public void Few_blocks_widen_an_interval_as_Student_says()
    {
        // 8 blocks: Φ(t₇(.025)·√(8/7)) = Φ(−2.365·1.069) = Φ(−2.528) = .00574, the percentile of the lower end
        var random = new Random(3);
        var draws = Bootstrap.Distributions([Mean(Many(80, _ => SketchTests.Normal(random)))], 10, 20_000, 1)[0];
        var interval = draws.Interval(0.95)!;
        Assert.Equal(0.00574, draws.Draws.Count(d => d < interval.Low) / 20_000.0, 2e-4);
        Assert.Equal(0.00574, draws.Draws.Count(d => d > interval.High) / 20_000.0, 2e-4);
        Assert.Null(Bootstrap.Distributions([Mean(new double[40])], 10, 10, 1)[0].Interval(0.95));
    }

    [Fact]
    public void A_chance_and_the_interval_say_the_same()
    {
        var random = new Random(3);
        var draws = Bootstrap.Distributions([Mean(Many(200, _ => SketchTests.Normal(random)))], 10, 4_000, 1)[0];
        var interval = draws.Interval(0.95)!;
        Assert.Equal(0.025, draws.P(interval.Low, above: true), 5e-4);
        Assert.Equal(0.025, draws.P(interval.High, above: false), 5e-4);
        Assert.InRange(draws.P(1e9, above: false), 1e-12, 0.01);
        Assert.Equal(1, draws.P(1e9, above: true), 1e-3);
    }

    [Fact]
    public void Blocks_grow_with_the_memory_of_the_series()
    {
        var random = new Random(8);
        var none = BlockLength.Of(Autoregressive(random, 2_000, 0));
        var some = BlockLength.Of(Autoregressive(random, 2_000, 0.5));
        var much = BlockLength.Of(Autoregressive(random, 2_000, 0.9));
        Assert.InRange(none, 1, 6);
        Assert.InRange(some, 8, 40);
        Assert.InRange(much, some + 10, 135);
        Assert.Equal(1, BlockLength.Of([1, 2, 3]));
        Assert.Equal(1, BlockLength.Of(new double[100]));

        Assert.Equal(111, BlockLength.ForIntervals(Autoregressive(random, 2_000, 0)));
        Assert.Equal(6, BlockLength.ForIntervals(Autoregressive(random, 100, 0), new double[100]));
        Assert.Equal(1, BlockLength.ForIntervals(new double[100]));
        Assert.InRange(BlockLength.ForIntervals(Autoregressive(random, 400, 0.9)), 26, BlockLength.Longest(400));
    }

    [Fact]
    public void A_statistic_that_means_nothing_on_many_resamples_has_no_interval()
    {
        double[] truth = [1, 0, 0, 0, 0, 0];
        var draws = Bootstrap.Distributions([MetricStatistics.RocAuc(truth, [.9, .1, .2, .3, .4, .5])], 1, 200, 1)[0];
        Assert.Contains(draws.Draws, double.IsNaN);
        Assert.Null(draws.Interval(0.95));
        Assert.Equal(double.NaN, draws.P(0.5, above: true));
    }

    private static MeanStatistic Mean(double[] x) => new([x], m => m[0]);

    private static double[] Many(int n, Func<int, double> of) => [.. Enumerable.Range(0, n).Select(of)];

    private static double[] Autoregressive(Random random, int n, double memory)
    {
        var x = new double[n];
        var last = SketchTests.Normal(random) / Math.Sqrt(1 - (memory * memory));
        for (var i = 0; i < n; i++)
            x[i] = last = (memory * last) + SketchTests.Normal(random);
        return x;
    }

    private sealed class Weighted(double[] truth, double[] label) : IStatistic
    {
        public int Rows => truth.Length;

        public double Value => 0;

        public double Of(Resample resample)
        {
            var weights = new int[truth.Length];
            resample.CountInto(weights);
            Assert.Equal(truth.Length, weights.Sum());
            return weights.Select((w, i) => truth[i] == label[i] ? w : 0).Sum() / (double)truth.Length;
        }
    }
}
