namespace Ci.Statistics;

/// <summary>
/// The moving-block bootstrap (Künsch 1989): resamples made of blocks of consecutive rows, so that what neighbouring rows have in
/// common stays in them. With blocks of 1 it is Efron's bootstrap of independent rows. Seeded: the same arguments give the same numbers.
/// </summary>
public static class Bootstrap
{
    /// <summary>Each statistic on each resample; all statistics see the same resamples.</summary>
    /// <param name="statistics">At least one, all over the same rows.</param>
    /// <param name="blockLength">From 1 to the number of rows. Assumes that rows further apart hardly depend on each other.</param>
    /// <param name="resamples">From 1.</param>
    /// <param name="seed">The generator's seed.</param>
    /// <returns>One array a statistic, one number a resample (NaN where it means nothing there).</returns>
    public static double[][] Distributions(IReadOnlyList<IStatistic> statistics, int blockLength, int resamples, long seed)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var rows = statistics[0].Rows;
        if (statistics.Any(s => s.Rows != rows))
            throw new ArgumentException("all statistics must be over the same rows", nameof(statistics));
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockLength, rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);

        var distributions = statistics.Select(_ => new double[resamples]).ToArray();
        var starts = new int[(rows + blockLength - 1) / blockLength];
        // .NET's seeded generator is fixed for good by its compatibility promise.
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        for (var r = 0; r < resamples; r++)
        {
            for (var b = 0; b < starts.Length; b++)
                starts[b] = random.Next(rows - blockLength + 1);
            var resample = new Resample(starts, blockLength, rows);
            for (var s = 0; s < distributions.Length; s++)
                distributions[s][r] = statistics[s].Of(resample);
        }

        return distributions;
    }

    /// <summary>The percentile interval of a distribution from <see cref="Distributions"/>.</summary>
    /// <returns>Null where more than one resample in twenty means nothing.</returns>
    public static Interval? Percentile(double[] distribution, double level, string method)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "a confidence level lies between 0 and 1");
        var sorted = distribution.Where(double.IsFinite).ToArray();
        if (sorted.Length == 0 || sorted.Length < 0.95 * distribution.Length)
            return null;
        Array.Sort(sorted);
        return new Interval(Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2), level, method);
    }

    /// <summary>What reports say of intervals found so.</summary>
    public static string Method(int blockLength, int resamples) => blockLength == 1
        ? $"bootstrap of independent rows, {resamples} resamples"
        : $"moving-block bootstrap, blocks of {blockLength} rows, {resamples} resamples";

    /// <summary>Linear interpolation between order statistics (type 7 of Hyndman and Fan, numpy's default).</summary>
    internal static double Quantile(double[] sorted, double q)
    {
        var at = q * (sorted.Length - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
