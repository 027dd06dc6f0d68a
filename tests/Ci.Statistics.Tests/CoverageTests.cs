namespace Ci.Statistics.Tests;

/// <summary>Intervals at a nominal 95 %, in 400 worlds of 1,500 rows; the benchmark `coverage` does the same with more of both.</summary>
public sealed class CoverageTests
{
    private const int Worlds = 400;
    private const int Rows = 1_500;

    [Theory]
    [InlineData("independent")]
    [InlineData("AR(0.7)")]
    [InlineData("hourly load")]
    public void Intervals_hold_the_truth_as_often_as_they_say(string process)
    {
        var coverages = new CoverageSimulation(Process(process), Rows, 400).Run(Worlds);
        // Luck moves a single share of 400 worlds by ±2.2 points, and the mean over the statistics by less.
        Assert.All(coverages, c => Assert.InRange(c.Covered, 0.92, 0.985));
        Assert.InRange(coverages.Average(c => c.Covered), 0.938, 0.968);
        // Gates between equal models: 2.5 % may regress, 2.5 % may pass, and luck ±1.6 points.
        Assert.All(coverages.Skip(3), c => Assert.InRange(Math.Max(c.Above, c.Below), 0, 0.045));
    }

    [Fact]
    public void Plain_percentiles_of_short_blocks_would_hold_it_too_seldom()
    {
        var simulation = new CoverageSimulation(Process("AR(0.7)"), Rows, 400)
        {
            Blocks = (first, second) => Math.Max(BlockLength.Of(CoverageSimulation.Squares(first)), BlockLength.Of(CoverageSimulation.Squares(second))),
            Interval = Percentile,
        };
        Assert.InRange(simulation.Run(Worlds).Average(c => c.Covered), 0.85, 0.932);
    }

    private static Interval Percentile(BootstrapDistribution distribution)
    {
        var sorted = distribution.Draws.Order().ToArray();
        return new Interval(sorted[(int)(0.025 * sorted.Length)], sorted[(int)(0.975 * sorted.Length)], 0.95, "plain percentiles");
    }

    private static ErrorProcess Process(string name) => ErrorProcess.All.Single(p => p.Name == name);
}
