namespace Ci.Statistics;

/// <summary>Holm's step-down adjustment (1979): keeps the chance of even one false claim among all at the level of one.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order given: the k-th smallest of m times (m − k + 1), never less than a smaller one's, at most 1.</summary>
    public static double[] Adjust(double[] p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var order = Enumerable.Range(0, p.Length).OrderBy(i => p[i]).ThenBy(i => i).ToArray();
        var adjusted = new double[p.Length];
        double highest = 0;
        for (var k = 0; k < order.Length; k++)
        {
            if (p[order[k]] is not (>= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(p), p[order[k]], "a p-value lies from 0 to 1");
            highest = Math.Max(highest, Math.Min(1, p[order[k]] * (p.Length - k)));
            adjusted[order[k]] = highest;
        }

        return adjusted;
    }
}
