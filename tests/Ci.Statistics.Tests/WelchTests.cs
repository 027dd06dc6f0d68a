namespace Ci.Statistics.Tests;

public sealed class WelchTests
{
    [Fact]
    public void The_test_equals_the_one_worked_by_numerical_integration()
    {
        // t = -2.5860005615, 26.5753875153 degrees of freedom; the density of Student's t integrated by Simpson's rule.
        double[] first = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
        double[] second = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.8, 27.4];
        var (difference, low, high, above) = Welch.Compare(first, second, 0.95)!.Value;
        Assert.Equal(20.82 - 23.206666666666667, difference, 1e-12);
        Assert.Equal(0.9922374940869915, above, 1e-7);
        Assert.Equal(0.007762505913008504, Welch.Compare(second, first, 0.95)!.Value.PAbove, 1e-7);
        Assert.True(low < difference && difference < high && high < 0);
    }

    [Fact]
    public void Samples_that_do_not_vary_or_are_too_small_say_nothing()
    {
        Assert.Null(Welch.Compare([1, 1], [2, 2], 0.95));
        Assert.Throws<ArgumentException>(() => Welch.Compare([1], [2, 3], 0.95));
    }

    [Fact]
    public void The_truly_best_of_several_is_seldom_called_worse_than_the_best_that_was_seen()
    {
        // Five alike, three runs each: whichever looks best was lucky. Each is tested against it at 5 % / 4, as `exp show` does.
        const int worlds = 4000, arms = 5;
        var random = new Random(5);
        var wrong = 0;
        for (var world = 0; world < worlds; world++)
        {
            var values = Enumerable.Range(0, arms).Select(_ => Enumerable.Range(0, 3).Select(_ => Normal(random)).ToArray()).ToArray();
            var best = values.MinBy(v => v.Average())!;
            if (values[0] != best && Welch.Compare(values[0], best, 0.95)!.Value.PAbove * (arms - 1) <= 0.05)
                wrong++;
        }

        Assert.InRange((double)wrong / worlds, 0.001, 0.05);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
