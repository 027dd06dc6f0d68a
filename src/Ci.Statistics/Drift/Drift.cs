namespace Ci.Statistics;

/// <summary>How far a distribution has moved from its reference.</summary>
public static class Drift
{
    /// <summary>
    /// Population stability index Σ (o − r) · ln(o / r) over bins, with r and o the shares of reference and observation. By custom
    /// below 0.1 means stable, above 0.25 means moved. Half a count is added to every bin, so that an empty one stays finite.
    /// </summary>
    /// <param name="reference">Counts a bin.</param>
    /// <param name="observed">Counts a bin, in the same bins.</param>
    /// <returns>At least 0; NaN where a side is empty.</returns>
    public static double PopulationStabilityIndex(ReadOnlySpan<double> reference, ReadOnlySpan<double> observed)
    {
        Pairs.Check(reference.Length, observed.Length);
        double references = 0;
        double observations = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            references += reference[i];
            observations += observed[i];
        }

        if (references <= 0 || observations <= 0)
            return double.NaN;
        double index = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            var r = (reference[i] + 0.5) / (references + (0.5 * reference.Length));
            var o = (observed[i] + 0.5) / (observations + (0.5 * reference.Length));
            index += (o - r) * Math.Log(o / r);
        }

        return index;
    }

    /// <summary>The same between two sketches, in bins that part the reference into equal shares (fewer where it has few distinct values).</summary>
    public static double PopulationStabilityIndex(QuantileSketch reference, QuantileSketch observed, int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        if (reference.Count == 0 || observed.Count == 0)
            return double.NaN;
        var cuts = new SortedSet<double>();
        for (var k = 1; k < bins; k++)
            cuts.Add(reference.Quantile((double)k / bins));

        // The last bin is what lies above the highest cut: even a reference of one value tells "same" from "more".
        var edges = cuts.ToArray();
        Span<double> expected = new double[edges.Length + 1];
        Span<double> found = new double[edges.Length + 1];
        double expectedBelow = 0;
        double foundBelow = 0;
        for (var i = 0; i <= edges.Length; i++)
        {
            var expectedAt = i == edges.Length ? 1 : reference.ShareAtMost(edges[i]);
            var foundAt = i == edges.Length ? 1 : observed.ShareAtMost(edges[i]);
            expected[i] = (expectedAt - expectedBelow) * reference.Count;
            found[i] = (foundAt - foundBelow) * observed.Count;
            (expectedBelow, foundBelow) = (expectedAt, foundAt);
        }

        return PopulationStabilityIndex(expected, found);
    }

    /// <summary>
    /// Two-sample Kolmogorov–Smirnov test: the greatest distance of the two distribution functions. P by Kolmogorov's limit
    /// distribution with Stephens' correction λ = (√n + 0.12 + 0.11/√n) · D, n = n₁n₂/(n₁+n₂); good from some 4 rows a side on. Assumes
    /// independent rows; with ties it is conservative.
    /// </summary>
    public static DriftTest KolmogorovSmirnov(ReadOnlySpan<double> reference, ReadOnlySpan<double> observed)
    {
        if (reference.IsEmpty || observed.IsEmpty)
            return new DriftTest(double.NaN, double.NaN);
        var a = reference.ToArray();
        var b = observed.ToArray();
        Array.Sort(a);
        Array.Sort(b);
        var distance = Distance(a, b);
        return new DriftTest(distance, KolmogorovP(distance, a.Length, b.Length));
    }

    /// <summary>The greatest distance of the distribution functions of two samples that are sorted already.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double distance = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            var at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= at)
                i++;
            while (j < b.Length && b[j] <= at)
                j++;
            distance = Math.Max(distance, Math.Abs(((double)i / a.Length) - ((double)j / b.Length)));
        }

        return distance;
    }

    /// <summary>The same between two sketches of one relative error; the distance is exact up to what their buckets cannot part.</summary>
    public static DriftTest KolmogorovSmirnov(QuantileSketch reference, QuantileSketch observed)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(observed);
        if (reference.Count == 0 || observed.Count == 0)
            return new DriftTest(double.NaN, double.NaN);
        double distance = 0;
        foreach (var border in reference.Borders().Concat(observed.Borders()))
            distance = Math.Max(distance, Math.Abs(reference.ShareAtMost(border) - observed.ShareAtMost(border)));
        return new DriftTest(distance, KolmogorovP(distance, reference.Count, observed.Count));
    }

    /// <summary>The least distance that two samples of so many rows show to be real at a level: what <see cref="KolmogorovP"/> has for it is that level.</summary>
    public static double LeastDistance(double level, double first, double second)
    {
        var root = Math.Sqrt(first * second / (first + second));
        return Math.Sqrt(-Math.Log(level / 2) / 2) / (root + 0.12 + (0.11 / root));
    }

    /// <summary>How often two samples of so many independent rows differ at least so much by chance: Q(λ) = 2 Σ (−1)^(k−1) exp(−2k²λ²).</summary>
    public static double KolmogorovP(double distance, double first, double second)
    {
        var root = Math.Sqrt(first * second / (first + second));
        var lambda = (root + 0.12 + (0.11 / root)) * distance;
        // The series converges slowly where the answer is 1 to many digits.
        if (lambda < 0.2)
            return 1;
        double sum = 0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-16)
                break;
        }

        return Math.Clamp(2 * sum, 0, 1);
    }
}
