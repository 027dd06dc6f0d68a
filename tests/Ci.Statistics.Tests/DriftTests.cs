namespace Ci.Statistics.Tests;

public sealed class DriftTests
{
    [Fact]
    public void The_stability_index_equals_its_formula()
    {
        // numpy: r=(np.array([40,30,30])+.5)/101.5; o=(np.array([20,30,50])+.5)/101.5; ((o-r)*np.log(o/r)).sum()
        Assert.Equal(0.2335219193, Drift.PopulationStabilityIndex([40, 30, 30], [20, 30, 50]), 1e-9);
        Assert.Equal(0, Drift.PopulationStabilityIndex([4, 3], [4, 3]), 1e-12);
        Assert.True(double.IsNaN(Drift.PopulationStabilityIndex([0, 0], [1, 1])));
    }

    [Fact]
    public void Kolmogorov_and_Smirnov_agree_with_scipy()
    {
        // a = [i/50 for i in range(50)]; b = [(i/40)**1.5 for i in range(40)]; scipy.stats.ks_2samp(a, b).statistic
        var a = Enumerable.Range(0, 50).Select(i => i / 50.0).ToArray();
        var b = Enumerable.Range(0, 40).Select(i => Math.Pow(i / 40.0, 1.5)).ToArray();
        var test = Drift.KolmogorovSmirnov(a, b);
        Assert.Equal(0.17, test.Statistic, 1e-12);
        Assert.Equal(0.4956, test.P, 0.06); // mode="asymp", which lacks Stephens' correction
        Assert.True(Drift.KolmogorovSmirnov(a, [.. a.Select(x => x + 0.5)]).P < 1e-4);
    }

    [Fact]
    public void Sketches_tell_a_move_from_standing_still()
    {
        var random = new Random(3);
        var reference = new QuantileSketch();
        var same = new QuantileSketch();
        var moved = new QuantileSketch();
        for (var i = 0; i < 4_000; i++)
        {
            reference.Add(SketchTests.Normal(random) * 10);
            same.Add(SketchTests.Normal(random) * 10);
            moved.Add((SketchTests.Normal(random) * 10) + 8);
        }

        Assert.InRange(Drift.PopulationStabilityIndex(reference, same), 0, 0.02);
        Assert.True(Drift.PopulationStabilityIndex(reference, moved) > 0.3);
        Assert.True(Drift.KolmogorovSmirnov(reference, same).P > 0.01);
        Assert.True(Drift.KolmogorovSmirnov(reference, moved).P < 1e-10);
    }

    [Fact]
    public void A_column_of_noughts_and_ones_has_a_stability_index_too()
    {
        var mostlyNought = new QuantileSketch();
        var mostlyOne = new QuantileSketch();
        for (var i = 0; i < 1_000; i++)
        {
            mostlyNought.Add(i % 10 == 0 ? 1 : 0);
            mostlyOne.Add(i % 10 == 0 ? 0 : 1);
        }

        Assert.Equal(0, Drift.PopulationStabilityIndex(mostlyNought, mostlyNought), 1e-9);
        Assert.True(Drift.PopulationStabilityIndex(mostlyNought, mostlyOne) > 1);
        Assert.Equal(0.8, Drift.KolmogorovSmirnov(mostlyNought, mostlyOne).Statistic, 1e-9);
    }

    [Fact]
    public void Under_one_distribution_small_p_values_are_as_rare_as_they_say()
    {
        var random = new Random(17);
        var rejected = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var a = Enumerable.Range(0, 60).Select(_ => random.NextDouble()).ToArray();
            var b = Enumerable.Range(0, 80).Select(_ => random.NextDouble()).ToArray();
            rejected += Drift.KolmogorovSmirnov(a, b).P < 0.05 ? 1 : 0;
        }

        Assert.InRange(rejected, 25, 70);
    }
}
