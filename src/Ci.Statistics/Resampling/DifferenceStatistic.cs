namespace Ci.Statistics;

/// <summary>One statistic minus another on the same rows: a paired difference, for both see the same resample.</summary>
public sealed class DifferenceStatistic : IStatistic
{
    private readonly IStatistic first;
    private readonly IStatistic second;

    /// <summary>The difference first − second.</summary>
    public DifferenceStatistic(IStatistic first, IStatistic second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Pairs.Check(first.Rows, second.Rows);
        (this.first, this.second) = (first, second);
    }

    public int Rows => this.first.Rows;

    public double Value => this.first.Value - this.second.Value;

    public double Of(Resample resample) => this.first.Of(resample) - this.second.Of(resample);
}
