namespace Ci.Statistics;

/// <summary>
/// The circular block bootstrap (Politis and Romano 1992; Künsch's moving blocks of 1989, with the series closed to a ring, so that every
/// row is drawn as often as any other): resamples made of blocks of consecutive rows, so that what neighbouring rows have in common
/// stays in them. With blocks of 1 it is Efron's bootstrap of independent rows. Seeded: the same arguments give the same numbers.
/// </summary>
public static class Bootstrap
{
    /// <summary>Each statistic on each resample; all statistics see the same resamples.</summary>
    /// <param name="statistics">At least one, all over the same rows.</param>
    /// <param name="blockLength">From 1 to the number of rows. Assumes that rows further apart hardly depend on each other.</param>
    /// <param name="resamples">From 1.</param>
    /// <param name="seed">The generator's seed.</param>
    /// <returns>One distribution a statistic, in the same order.</returns>
    public static IReadOnlyList<BootstrapDistribution> Distributions(IReadOnlyList<IStatistic> statistics, int blockLength, int resamples, long seed)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var rows = statistics[0].Rows;
        if (statistics.Any(s => s.Rows != rows))
            throw new ArgumentException("all statistics must be over the same rows", nameof(statistics));
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockLength, rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);

        var draws = statistics.Select(_ => new double[resamples]).ToArray();
        var starts = new int[(rows + blockLength - 1) / blockLength];
        // .NET's seeded generator is fixed for good by its compatibility promise.
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        for (var r = 0; r < resamples; r++)
        {
            for (var b = 0; b < starts.Length; b++)
                starts[b] = random.Next(rows);
            var resample = new Resample(starts, blockLength, rows);
            for (var s = 0; s < draws.Length; s++)
                draws[s][r] = statistics[s].Of(resample);
        }

        return [.. draws.Select(d => new BootstrapDistribution(d, rows, blockLength))];
    }
}
