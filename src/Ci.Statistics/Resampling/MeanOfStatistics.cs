namespace Ci.Statistics;

/// <summary>The mean of several statistics, such as the areas under the curves of several classes.</summary>
internal sealed class MeanOfStatistics : IStatistic
{
    private readonly IReadOnlyList<IStatistic> parts;

    public MeanOfStatistics(IReadOnlyList<IStatistic> parts)
    {
        if (parts.Count == 0 || parts.Any(part => part.Rows != parts[0].Rows))
            throw new ArgumentException("the parts must be at least one, all over the same rows", nameof(parts));
        this.parts = parts;
        this.Value = Mean(parts.Select(part => part.Value));
    }

    public int Rows => this.parts[0].Rows;

    public double Value { get; }

    public double Of(Resample resample)
    {
        double sum = 0;
        var counted = 0;
        foreach (var part in this.parts)
        {
            var value = part.Of(resample);
            if (!double.IsFinite(value))
                continue;
            sum += value;
            counted++;
        }

        return counted == 0 ? double.NaN : sum / counted;
    }

    private static double Mean(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
