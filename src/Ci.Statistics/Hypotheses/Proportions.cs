using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Ci.Statistics;

/// <summary>Intervals of shares that stay honest where every row, or none, is right: there a bootstrap sees no spread at all.</summary>
public static class Proportions
{
    /// <summary>Wilson's score interval (1927) of a share. Assumes independent rows.</summary>
    public static Interval Wilson(long successes, long rows, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, rows);
        var z = Z(level);
        var share = (double)successes / rows;
        var centre = (share + (z * z / (2 * rows))) / (1 + (z * z / rows));
        var half = z / (1 + (z * z / rows)) * Math.Sqrt((share * (1 - share) / rows) + (z * z / (4.0 * rows * rows)));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half), level, "Wilson's score interval, rows taken as independent");
    }

    /// <summary>
    /// The interval of the difference first − second of two shares on the same rows, by Agresti and Min (2005): Wald's after adding half
    /// a row to each cell of the paired table. Assumes independent rows.
    /// </summary>
    public static Interval PairedDifference(long onlyFirst, long onlySecond, long rows, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(onlyFirst + onlySecond, rows);
        var (difference, error) = PairedError(onlyFirst, onlySecond, rows);
        var half = Z(level) * error;
        return new Interval(
            Math.Max(-1, difference - half), Math.Min(1, difference + half), level, "Agresti and Min's interval of paired shares, rows taken as independent");
    }

    /// <summary>The chance of a difference at least (above: true) or at most so large as found where the truth is <paramref name="truth"/>; one-sided, by the same approximation.</summary>
    public static double PairedP(long onlyFirst, long onlySecond, long rows, double truth, bool above)
    {
        var (difference, error) = PairedError(onlyFirst, onlySecond, rows);
        var z = (difference - truth) / error;
        return Normal.CDF(0, 1, above ? -z : z);
    }

    /// <summary>
    /// McNemar's exact test (1947), one-sided: the chance of at least (above: true) or at most so many rows that only the first has, among those
    /// that just one of the two has, where neither has more in truth: binomial with ½. Assumes independent rows.
    /// </summary>
    public static double McNemarP(long onlyFirst, long onlySecond, bool above)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        // P(X ≤ k) of a fair binomial is the regularised incomplete beta function I_½(n − k, k + 1); a fair binomial is symmetric.
        var (k, rest) = above ? (onlySecond, onlyFirst) : (onlyFirst, onlySecond);
        return rest == 0 ? 1 : SpecialFunctions.BetaRegularized(rest, k + 1, 0.5);
    }

    /// <summary>The chance of a share at least (above: true) or at most so large as found where the truth is <paramref name="truth"/>: the score test that
    /// <see cref="Wilson"/> inverts.</summary>
    public static double ScoreP(long successes, long rows, double truth, bool above)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var error = Math.Sqrt(Math.Max(truth * (1 - truth), 1e-12) / rows);
        var z = (((double)successes / rows) - truth) / error;
        return Normal.CDF(0, 1, above ? -z : z);
    }

    /// <summary>The two-sided quantile of the normal distribution: 1.96 for 0.95.</summary>
    public static double Z(double level) => level is > 0 and < 1
        ? Normal.InvCDF(0, 1, (1 + level) / 2)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "a confidence level lies between 0 and 1");

    private static (double Difference, double Error) PairedError(long onlyFirst, long onlySecond, long rows)
    {
        var n = rows + 2.0;
        var difference = (onlyFirst - onlySecond) / n;
        return (difference, Math.Sqrt(((onlyFirst + onlySecond + 1) / n) - (difference * difference)) / Math.Sqrt(n));
    }
}
