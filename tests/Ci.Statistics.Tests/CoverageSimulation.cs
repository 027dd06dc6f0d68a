namespace Ci.Statistics.Tests;

/// <summary>How often intervals hold the truth, in worlds where it is known. Seeded by world: the same arguments give the same counts on any number of threads.</summary>
internal sealed class CoverageSimulation(ErrorProcess process, int rows, int resamples)
{
    public static readonly IReadOnlyList<string> Statistics = ["RMSE", "MAE", "bias", "Δ RMSE", "Δ MAE", "Δ bias"];

    /// <summary>How long blocks are for two models' errors.</summary>
    public Func<double[], double[], int> Blocks { get; init; } = (first, second) => BlockLength.ForIntervals(first, Squares(first), second, Squares(second));

    /// <summary>The nominal 95 % interval of a distribution.</summary>
    public Func<BootstrapDistribution, Interval> Interval { get; init; } = distribution => distribution.Interval(0.95)!;

    /// <summary>One result a statistic. The truth of a difference is 0: its misses are the false alarms of gates between equal models.</summary>
    public IReadOnlyList<Coverage> Run(int worlds)
    {
        var outcomes = new (Interval Interval, double Truth)[worlds][];
        Parallel.For(0, worlds, world => outcomes[world] = this.World(world));
        return [.. Statistics.Select((name, s) => new Coverage(
            name,
            outcomes.Count(w => w[s].Interval.Contains(w[s].Truth)) / (double)worlds,
            outcomes.Count(w => w[s].Interval.Low > w[s].Truth) / (double)worlds,
            outcomes.Count(w => w[s].Interval.High < w[s].Truth) / (double)worlds,
            outcomes.Average(w => w[s].Interval.Width)))];
    }

    private (Interval, double)[] World(int world)
    {
        var random = new Random(1_000 + world);
        var (first, second) = (process.Draw(random, rows), process.Draw(random, rows));
        var none = new double[rows];
        IStatistic[] alone = [MetricStatistics.Rmse(none, first), MetricStatistics.Mae(none, first), MetricStatistics.Bias(none, first)];
        IStatistic[] other = [MetricStatistics.Rmse(none, second), MetricStatistics.Mae(none, second), MetricStatistics.Bias(none, second)];
        double[] truths = [process.Rmse(rows), process.Mae(rows), 0, 0, 0, 0];
        var distributions = Bootstrap.Distributions(
            [.. alone, .. alone.Zip(other, (a, b) => new DifferenceStatistic(a, b))], this.Blocks(first, second), resamples, world);
        return [.. distributions.Select((distribution, s) => (this.Interval(distribution), truths[s]))];
    }

    public static double[] Squares(double[] errors) => [.. errors.Select(e => e * e)];
}
