using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Ci.Statistics;

/// <summary>Tests of two models on the same rows.</summary>
public static class PairedTests
{
    /// <summary>
    /// Diebold and Mariano (1995) on two series of losses in the order of time: the mean difference over its HAC standard error (Newey
    /// and West: Bartlett weights up to <paramref name="lag"/>), with the small-sample correction of Harvey, Leybourne and Newbold (1997)
    /// and Student's t with n − 1 degrees. Assumes that the loss difference is stationary and forgets within the lag.
    /// </summary>
    /// <param name="firstLoss">One loss a row.</param>
    /// <param name="secondLoss">The other model's losses on the same rows.</param>
    /// <param name="lag">From 0 to n − 2; null takes ⌊4·(n/100)^(2/9)⌋.</param>
    public static PairedTest DieboldMariano(ReadOnlySpan<double> firstLoss, ReadOnlySpan<double> secondLoss, int? lag = null)
    {
        Pairs.Check(firstLoss.Length, secondLoss.Length);
        var n = firstLoss.Length;
        var h = lag ?? (int)Math.Floor(4 * Math.Pow(n / 100.0, 2.0 / 9));
        if (n < 3 || h < 0 || h > n - 2)
            throw new ArgumentOutOfRangeException(nameof(lag), h, $"the lag must lie from 0 to n - 2, and n be at least 3; n is {n}");
        var d = Differences(firstLoss, secondLoss);
        var mean = d.Sum() / n;
        double variance = 0;
        for (var k = 0; k <= h; k++)
        {
            double covariance = 0;
            for (var i = k; i < n; i++)
                covariance += (d[i] - mean) * (d[i - k] - mean);
            variance += (k == 0 ? 1 : 2 * (1 - (k / (h + 1.0)))) * covariance / n;
        }

        var method = $"Diebold–Mariano, HAC variance to lag {h}, t with {n - 1} degrees; assumes a stationary loss difference";
        if (variance <= 0)
            return new PairedTest(mean == 0 ? 0 : Math.CopySign(double.MaxValue, mean), mean == 0 ? 1 : 0, method);
        // Harvey et al. state the factor for h-step forecasts; a lag of h here stands for their h - 1.
        var steps = h + 1.0;
        var correction = Math.Sqrt(Math.Max(1e-12, (n + 1 - (2 * steps) + (steps * (steps - 1) / n)) / n));
        var statistic = correction * mean / Math.Sqrt(variance / n);
        return new PairedTest(statistic, 2 * StudentT.CDF(0, 1, n - 1, -Math.Abs(statistic)), method);
    }

    /// <summary>McNemar's exact test on the rows that just one of two models gets right: binomial with ½. Assumes independent rows.</summary>
    /// <param name="onlyFirstRight">Rows that only the first gets right.</param>
    /// <param name="onlySecondRight">Rows that only the second gets right.</param>
    /// <returns>The statistic is the difference of the two numbers.</returns>
    public static PairedTest McNemarExact(int onlyFirstRight, int onlySecondRight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirstRight);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecondRight);
        var n = onlyFirstRight + onlySecondRight;
        var less = Math.Min(onlyFirstRight, onlySecondRight);
        // P(X ≤ k) of a fair binomial is the regularised incomplete beta function I_½(n − k, k + 1).
        var tail = n == 0 || less * 2 == n ? 1 : SpecialFunctions.BetaRegularized(n - less, less + 1, 0.5);
        return new PairedTest(onlyFirstRight - onlySecondRight, Math.Min(1, 2 * tail), "McNemar's exact test; assumes independent rows");
    }

    /// <summary>
    /// Paired permutation test of the mean difference: the signs of whole blocks of rows are flipped at random. Assumes that under no
    /// difference a block's sign is arbitrary, and that blocks are independent.
    /// </summary>
    public static PairedTest Permutation(ReadOnlySpan<double> firstLoss, ReadOnlySpan<double> secondLoss, int blockLength, int permutations, long seed)
    {
        Pairs.Check(firstLoss.Length, secondLoss.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        var d = Differences(firstLoss, secondLoss);
        var blocks = d.Chunk(blockLength).Select(block => block.Sum()).ToArray();
        var observed = Math.Abs(blocks.Sum());
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        var extreme = 0;
        for (var r = 0; r < permutations; r++)
        {
            double sum = 0;
            foreach (var block in blocks)
                sum += random.Next(2) == 0 ? block : -block;
            // Rounding must not tell apart two orders of the same sum.
            if (Math.Abs(sum) >= observed * (1 - 1e-12))
                extreme++;
        }

        return new PairedTest(d.Sum() / d.Length, (extreme + 1.0) / (permutations + 1), $"paired permutation test, signs of blocks of {blockLength} rows, {permutations} permutations");
    }

    private static double[] Differences(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var d = new double[first.Length];
        for (var i = 0; i < d.Length; i++)
            d[i] = first[i] - second[i];
        return d;
    }
}
