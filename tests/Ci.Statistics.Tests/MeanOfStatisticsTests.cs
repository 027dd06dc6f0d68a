namespace Ci.Statistics.Tests;

public sealed class MeanOfStatisticsTests
{
    private static readonly double[] Target = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1];
    private static readonly double[] Score = [0.1, 0.9, 0.4, 0.35, 0.8, 0.2, 0.6, 0.7, 0.05, 0.5];

    [Fact]
    public void The_mean_of_statistics_is_the_mean_on_the_rows_and_on_every_resample()
    {
        var (area, mean) = (MetricStatistics.RocAuc(Target, Score), MetricStatistics.Mean(Score));
        var both = MetricStatistics.MeanOf([MetricStatistics.RocAuc(Target, Score), MetricStatistics.Mean(Score)]);
        Assert.Equal((area.Value + mean.Value) / 2, both.Value, 12);
        var draws = Bootstrap.Distributions([area, mean, both], 1, 50, 3);
        for (var i = 0; i < 50; i++)
        {
            if (double.IsFinite(draws[0].Draws[i]))
                Assert.Equal((draws[0].Draws[i] + draws[1].Draws[i]) / 2, draws[2].Draws[i], 12);
        }
    }

    [Fact]
    public void A_part_that_means_nothing_does_not_count()
    {
        var alone = MetricStatistics.RocAuc([1, 1, 1], [0.1, 0.2, 0.3]);
        Assert.Equal(0.2, MetricStatistics.MeanOf([alone, MetricStatistics.Mean([0.1, 0.2, 0.3])]).Value, 12);
        Assert.True(double.IsNaN(MetricStatistics.MeanOf([alone]).Value));
        Assert.Throws<ArgumentException>(() => MetricStatistics.MeanOf([alone, MetricStatistics.Mean([1])]));
        Assert.Throws<ArgumentException>(() => MetricStatistics.MeanOf([]));
    }

    [Fact]
    public void The_root_of_the_mean_squared_error_is_the_RMSE() =>
        Assert.Equal(MetricStatistics.Rmse(Target, Score).Value, MetricStatistics.RootMean([.. Target.Zip(Score, (t, s) => (t - s) * (t - s))]).Value, 12);
}
