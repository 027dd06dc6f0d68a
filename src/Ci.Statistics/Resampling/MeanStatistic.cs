namespace Ci.Statistics;

/// <summary>A function of the means of per-row terms, such as √(mean of squared errors). A resample costs one subtraction a block and term.</summary>
public sealed class MeanStatistic : IStatistic
{
    private readonly double[][] prefixes;
    private readonly Func<double[], double> of;
    private readonly double[] means;

    /// <summary>Takes the terms in; the arrays are not kept.</summary>
    /// <param name="terms">One column a term, each with a number a row.</param>
    /// <param name="of">The statistic, from the terms' means in the same order; the array is reused between calls.</param>
    public MeanStatistic(IReadOnlyList<double[]> terms, Func<double[], double> of)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0 || terms[0].Length == 0 || terms.Any(t => t.Length != terms[0].Length))
            throw new ArgumentException("the terms must be columns of one length, with at least one row", nameof(terms));
        this.of = of;
        this.Rows = terms[0].Length;
        this.means = new double[terms.Count];
        this.prefixes = [.. terms.Select(Prefix)];
        for (var k = 0; k < terms.Count; k++)
            this.means[k] = this.prefixes[k][^1] / this.Rows;
        this.Value = of(this.means);
    }

    public int Rows { get; }

    public double Value { get; }

    public double Of(Resample resample)
    {
        for (var k = 0; k < this.means.Length; k++)
            this.means[k] = resample.Sum(this.prefixes[k]) / resample.Rows;
        return this.of(this.means);
    }

    private static double[] Prefix(double[] term)
    {
        var prefix = new double[term.Length + 1];
        for (var i = 0; i < term.Length; i++)
            prefix[i + 1] = prefix[i] + term[i];
        return prefix;
    }
}
