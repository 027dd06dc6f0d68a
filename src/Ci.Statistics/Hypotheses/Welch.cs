using MathNet.Numerics.Distributions;

namespace Ci.Statistics;

/// <summary>
/// Welch's t-test (Biometrika 34, 1947): two means of few independent, roughly normal values each, whose spreads need not be equal.
/// </summary>
public static class Welch
{
    /// <summary>Compares two samples.</summary>
    /// <param name="first">At least two finite values.</param>
    /// <param name="second">At least two finite values.</param>
    /// <param name="level">The interval's level.</param>
    /// <returns>
    /// The difference of the means (first minus second), its interval, and the one-sided chance of a difference so far above 0 where there is none; null
    /// where neither sample varies, so that there is nothing to measure the difference by.
    /// </returns>
    public static (double Difference, double Low, double High, double PAbove)? Compare(IReadOnlyList<double> first, IReadOnlyList<double> second, double level)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count < 2 || second.Count < 2)
            throw new ArgumentException("each sample needs at least two values");
        var (meanA, errorA) = MeanAndError(first);
        var (meanB, errorB) = MeanAndError(second);
        var variance = errorA + errorB;
        if (variance <= 0)
            return null;
        // Satterthwaite's degrees of freedom.
        var degrees = variance * variance / ((errorA * errorA / (first.Count - 1)) + (errorB * errorB / (second.Count - 1)));
        var (difference, spread) = (meanA - meanB, Math.Sqrt(variance));
        var half = -StudentT.InvCDF(0, 1, degrees, (1 - level) / 2) * spread;
        return (difference, difference - half, difference + half, StudentT.CDF(0, 1, degrees, -difference / spread));
    }

    // The squared standard error of the mean.
    private static (double Mean, double SquaredError) MeanAndError(IReadOnlyList<double> values)
    {
        var mean = values.Sum() / values.Count;
        return (mean, values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
    }
}
