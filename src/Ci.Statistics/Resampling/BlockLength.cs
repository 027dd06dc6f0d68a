namespace Ci.Statistics;

/// <summary>How long blocks must be for a series.</summary>
public static class BlockLength
{
    /// <summary>
    /// Blocks for intervals: the longest of the automatic choices for the series, but at least 2.5·√n (n / 16 where that is less).
    /// The automatic choice makes the spread's mean squared error least. For an interval's coverage a spread that is too small on average
    /// is worse than one that is uncertain, for uncertainty can be allowed for (<see cref="BootstrapDistribution"/>); so blocks must grow
    /// like √n and not like its cube root (Sun, Phillips and Jin 2008; Lazarus, Lewis, Stock and Watson 2018). The factor is chosen by
    /// simulation: the benchmark `coverage`.
    /// </summary>
    /// <param name="series">What the statistics are means of, each a number a row in the order of time: errors, squared errors.</param>
    /// <returns>From 1 (all series are constant, or there are none) to <see cref="Longest"/>.</returns>
    public static int ForIntervals(params IReadOnlyList<double[]> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var varying = series.Where(s => s.AsSpan().ContainsAnyExcept(s[0])).ToArray();
        if (varying.Length == 0)
            return 1;
        var rows = varying[0].Length;
        var least = (int)Math.Min(2.5 * Math.Sqrt(rows), rows / 16.0);
        return Math.Clamp(varying.Max(s => Of(s)), Math.Max(1, least), Longest(rows));
    }

    /// <summary>The longest blocks that so many rows bear: min(3·√n, n/3), at least 1.</summary>
    public static int Longest(int rows) => Math.Max(1, (int)Math.Min(Math.Ceiling(3 * Math.Sqrt(rows)), rows / 3));

    /// <summary>
    /// The automatic choice of Politis and White ("Automatic block-length selection for the dependent bootstrap", 2004, with the
    /// correction of Patton, Politis and White 2009) for blocks of fixed length: (2Ĝ²/D̂)^⅓ · n^⅓ with a flat-top window.
    /// </summary>
    /// <param name="series">One number a row, in the order of time.</param>
    /// <returns>From 1 to <see cref="Longest"/>.</returns>
    public static int Of(ReadOnlySpan<double> series)
    {
        var n = series.Length;
        if (n < 12)
            return 1;
        var lags = Math.Min(n - 1, (int)Math.Ceiling(Math.Sqrt(n)) + Run(n));
        var covariance = Autocovariances(series, lags);
        if (covariance[0] <= 0)
            return 1;

        var bandwidth = Math.Min(2 * LastSignificantLag(covariance, n), lags);
        double spectrum = covariance[0];
        double slope = 0;
        for (var k = 1; k <= bandwidth; k++)
        {
            var window = FlatTop((double)k / bandwidth);
            spectrum += 2 * window * covariance[k];
            slope += 2 * window * k * covariance[k];
        }

        var variance = 4.0 / 3 * spectrum * spectrum;
        if (variance <= 0 || bandwidth == 0)
            return 1;
        var length = Math.Cbrt(2 * slope * slope / variance) * Math.Cbrt(n);
        return double.IsFinite(length) ? Math.Clamp((int)Math.Ceiling(length), 1, Longest(n)) : 1;
    }

    private static int Run(int n) => Math.Max(5, (int)Math.Ceiling(Math.Sqrt(Math.Log10(n))));

    /// <summary>The last lag before a run of lags that are all within 2·√(log₁₀n / n) of no correlation.</summary>
    private static int LastSignificantLag(double[] covariance, int n)
    {
        var bound = 2 * Math.Sqrt(Math.Log10(n) / n) * covariance[0];
        var run = Run(n);
        var quiet = 0;
        for (var k = 1; k < covariance.Length; k++)
        {
            quiet = Math.Abs(covariance[k]) < bound ? quiet + 1 : 0;
            if (quiet == run)
                return k - run;
        }

        return covariance.Length - 1;
    }

    private static double[] Autocovariances(ReadOnlySpan<double> series, int lags)
    {
        double mean = 0;
        foreach (var value in series)
            mean += value;
        mean /= series.Length;
        var covariance = new double[lags + 1];
        for (var k = 0; k <= lags; k++)
        {
            double sum = 0;
            for (var i = k; i < series.Length; i++)
                sum += (series[i] - mean) * (series[i - k] - mean);
            covariance[k] = sum / series.Length;
        }

        return covariance;
    }

    private static double FlatTop(double t) => t <= 0.5 ? 1 : 2 * (1 - t);
}
