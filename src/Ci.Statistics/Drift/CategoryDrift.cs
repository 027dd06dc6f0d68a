using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Ci.Statistics;

/// <summary>Two samples of categories: how far their shares lie apart, and whether chance explains it.</summary>
public static class CategoryDrift
{
    private const double LeastExpected = 5;

    /// <summary>
    /// Pearson's chi-square test of homogeneity (1900). Categories of which fewer than 5 are expected on a side are put together first, as the
    /// approximation needs it; the distance is that of what is left. Assumes independent rows.
    /// </summary>
    /// <param name="reference">Counts a category.</param>
    /// <param name="observed">Counts a category, in the same order.</param>
    /// <param name="rowsPerIndependent">Neighbouring rows that tell as much as one independent row; 1 for independent ones.</param>
    public static CategoryTest Test(ReadOnlySpan<double> reference, ReadOnlySpan<double> observed, double rowsPerIndependent = 1)
    {
        Pairs.Check(reference.Length, observed.Length);
        var (n, m) = (Sum(reference) / rowsPerIndependent, Sum(observed) / rowsPerIndependent);
        if (!(n > 0 && m > 0))
            return new CategoryTest(double.NaN, double.NaN, 0, double.NaN, n, m);
        double statistic = 0;
        double apart = 0;
        var (cells, restReference, restObserved) = (0, 0.0, 0.0);
        for (var i = 0; i < reference.Length; i++)
        {
            var (r, o) = (reference[i] / rowsPerIndependent, observed[i] / rowsPerIndependent);
            if ((r + o) * Math.Min(n, m) / (n + m) < LeastExpected)
            {
                restReference += r;
                restObserved += o;
                continue;
            }

            statistic += Term(r, o, n, m);
            apart += Math.Abs((r / n) - (o / m));
            cells++;
        }

        if (restReference + restObserved > 0)
        {
            statistic += Term(restReference, restObserved, n, m);
            apart += Math.Abs((restReference / n) - (restObserved / m));
            cells++;
        }

        var freedom = Math.Max(0, cells - 1);
        return new CategoryTest(apart / 2, statistic, freedom, freedom == 0 ? 1 : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, statistic / 2), n, m);
    }

    /// <summary>
    /// The least total variation that is always significant at a level: with N = nm/(n+m) the statistic is N·Σ(p − q)²/p̄, and by Cauchy and Schwarz
    /// that is at least 4·N·TV².
    /// </summary>
    public static double LeastDistance(double level, int freedom, double first, double second) =>
        freedom < 1 ? 0 : Math.Min(1, Math.Sqrt(ChiSquared.InvCDF(freedom, 1 - level) / (4 * first * second / (first + second))));

    private static double Term(double r, double o, double n, double m)
    {
        var pooled = (r + o) / (n + m);
        var gap = (r / n) - (o / m);
        return pooled == 0 ? 0 : n * m / (n + m) * gap * gap / pooled;
    }

    private static double Sum(ReadOnlySpan<double> counts)
    {
        double sum = 0;
        foreach (var count in counts)
            sum += count;
        return sum;
    }
}
