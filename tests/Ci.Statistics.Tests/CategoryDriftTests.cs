namespace Ci.Statistics.Tests;

public sealed class CategoryDriftTests
{
    [Fact]
    public void The_test_of_categories_is_Pearsons()
    {
        var test = CategoryDrift.Test([30, 50, 20], [45, 40, 35]);
        Assert.Equal(2, test.Freedom);
        Assert.Equal(Expected([30, 50, 20], [45, 40, 35]), test.Statistic, 1e-9);
        // With two degrees of freedom the distribution is exponential: p = exp(−x/2).
        Assert.Equal(Math.Exp(-test.Statistic / 2), test.P, 1e-12);
        Assert.Equal((Math.Abs(0.3 - 0.375) + Math.Abs(0.5 - (1 / 3.0)) + Math.Abs(0.2 - (35 / 120.0))) / 2, test.Distance, 1e-12);
    }

    [Fact]
    public void Rare_categories_are_put_together_before_they_count()
    {
        var test = CategoryDrift.Test([500, 490, 1, 0, 2, 3, 1, 0], [480, 510, 0, 1, 0, 1, 3, 2]);
        Assert.Equal(2, test.Freedom);
        Assert.Equal(CategoryDrift.Test([500, 490, 7], [480, 510, 7]).P, test.P, 1e-12);
    }

    [Fact]
    public void One_category_alone_cannot_move() => Assert.Equal((0.0, 0, 1.0), CategoryDrift.Test([50], [7]) is var t ? (t.Distance, t.Freedom, t.P) : default);

    [Fact]
    public void A_distance_that_is_always_significant_is()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            double[] a = [.. Enumerable.Range(0, 5).Select(_ => 50.0 + random.Next(200))];
            double[] b = [.. Enumerable.Range(0, 5).Select(_ => 50.0 + random.Next(200))];
            var test = CategoryDrift.Test(a, b);
            if (test.Distance >= CategoryDrift.LeastDistance(0.001, test.Freedom, test.First, test.Second))
                Assert.True(test.P <= 0.001);
        }

        // And of numbers: what the test of the least distance says is the level itself.
        Assert.Equal(0.01, Drift.KolmogorovP(Drift.LeastDistance(0.01, 300, 500), 300, 500), 1e-5);
    }

    [Theory]
    [InlineData(0.05, 2)]
    [InlineData(0.05, 6)]
    public void Under_one_distribution_small_p_values_are_as_rare_as_they_say(double level, int categories)
    {
        var random = new Random(29 + categories);
        var rejected = 0;
        for (var round = 0; round < 2_000; round++)
            rejected += CategoryDrift.Test(Draw(random, 300, categories), Draw(random, 200, categories)).P < level ? 1 : 0;
        Assert.InRange(rejected, 65, 135);
    }

    [Fact]
    public void The_quantile_bins_of_a_sample_give_the_index_of_their_counts()
    {
        double[] reference = [.. Enumerable.Range(0, 1_000).Select(i => (double)i)];
        double[] moved = [.. reference.Select(x => x + 300)];
        Assert.Equal(0, QuantileBins.StabilityIndex(reference, reference), 1e-12);
        Assert.Equal(Drift.PopulationStabilityIndex([.. Enumerable.Repeat(100.0, 10)], [0, 0, 0, 100, 100, 100, 100, 100, 100, 400]), QuantileBins.StabilityIndex(reference, moved), 1e-9);
        Assert.Equal(0, QuantileBins.StabilityIndex([5, 5, 5], [5, 5, 5]), 1e-12);
    }

    private static double[] Draw(Random random, int rows, int categories)
    {
        var counts = new double[categories];
        for (var i = 0; i < rows; i++)
            counts[random.Next(categories)]++;
        return counts;
    }

    private static double Expected(double[] a, double[] b)
    {
        var (n, m) = (a.Sum(), b.Sum());
        double statistic = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var pooled = (a[i] + b[i]) / (n + m);
            statistic += (Math.Pow(a[i] - (n * pooled), 2) / (n * pooled)) + (Math.Pow(b[i] - (m * pooled), 2) / (m * pooled));
        }

        return statistic;
    }
}
