namespace Ci.Statistics;

/// <summary>Bins that part a reference into equal shares, for the population stability index of two samples.</summary>
public static class QuantileBins
{
    /// <summary><see cref="Drift.PopulationStabilityIndex(ReadOnlySpan{double}, ReadOnlySpan{double})"/> over bins that each hold an equal share of the reference (fewer where it has few distinct values).</summary>
    /// <param name="reference">Sorted.</param>
    /// <param name="observed">Sorted.</param>
    /// <param name="bins">How many, from 2.</param>
    public static double StabilityIndex(ReadOnlySpan<double> reference, ReadOnlySpan<double> observed, int bins = 10)
    {
        if (reference.IsEmpty || observed.IsEmpty)
            return double.NaN;
        var cuts = new SortedSet<double>();
        for (var k = 1; k < bins; k++)
            cuts.Add(reference[(int)((long)k * reference.Length / bins)]);
        return Drift.PopulationStabilityIndex(Counts(reference, cuts), Counts(observed, cuts));
    }

    private static double[] Counts(ReadOnlySpan<double> sorted, SortedSet<double> cuts)
    {
        var counts = new double[cuts.Count + 1];
        var (bin, at) = (0, 0);
        foreach (var cut in cuts)
        {
            var from = at;
            while (at < sorted.Length && sorted[at] < cut)
                at++;
            counts[bin++] = at - from;
        }

        counts[bin] = sorted.Length - at;
        return counts;
    }
}
