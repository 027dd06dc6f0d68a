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
        Assert.All(both[0].Zip(both[1]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.True(both[0].Distinct().Count() > 10);
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
        Assert.Equal(expected, Math.Sqrt(draws.Sum(d => (d - mean) * (d - mean)) / draws.Length), 0.04 * expected);
        var interval = Bootstrap.Percentile(draws, 0.95, "test")!;
        Assert.Equal(mean - (1.96 * expected), interval.Low, 0.1 * expected);
        Assert.Equal(mean + (1.96 * expected), interval.High, 0.1 * expected);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_gives_others()
    {
        var x = Many(50, i => i * 1.5 % 7);
        Assert.Equal(Bootstrap.Distributions([Mean(x)], 5, 20, 1)[0], Bootstrap.Distributions([Mean(x)], 5, 20, 1)[0]);
        Assert.NotEqual(Bootstrap.Distributions([Mean(x)], 5, 20, 1)[0], Bootstrap.Distributions([Mean(x)], 5, 20, 2)[0]);
    }

    [Theory]
    [InlineData(0.0, 1, 0.915, 0.975)]
    [InlineData(0.7, 0, 0.85, 0.975)]
    public void Intervals_cover_the_truth_as_often_as_they_say(double memory, int block, double least, double most)
    {
        // 400 worlds of 400 rows; memory is the autocorrelation of a first-order process with mean 0. Block 0 takes the automatic length.
        var random = new Random(21);
        var covered = 0;
        for (var world = 0; world < 400; world++)
        {
            var x = Autoregressive(random, 400, memory);
            var length = block == 0 ? BlockLength.Of(x) : block;
            var interval = Bootstrap.Percentile(Bootstrap.Distributions([Mean(x)], length, 300, world)[0], 0.95, "test")!;
            covered += interval.Contains(0) ? 1 : 0;
        }

        Assert.InRange(covered / 400.0, least, most);
    }

    [Fact]
    public void Taking_dependent_rows_as_independent_would_cover_far_too_seldom()
    {
        var random = new Random(21);
        var covered = 0;
        for (var world = 0; world < 200; world++)
        {
            var x = Autoregressive(random, 400, 0.7);
            covered += Bootstrap.Percentile(Bootstrap.Distributions([Mean(x)], 1, 200, world)[0], 0.95, "test")!.Contains(0) ? 1 : 0;
        }

        Assert.True(covered / 200.0 < 0.75);
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
    }

    [Fact]
    public void A_statistic_that_means_nothing_on_many_resamples_has_no_interval()
    {
        double[] truth = [1, 0, 0];
        var draws = Bootstrap.Distributions([MetricStatistics.RocAuc(truth, [.9, .1, .2])], 1, 200, 1)[0];
        Assert.Contains(draws, double.IsNaN);
        Assert.Null(Bootstrap.Percentile(draws, 0.95, "test"));
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
