namespace Ci.Statistics;

/// <summary>A number computed from rows that can be computed again on a resample of them. Implementations keep scratch space: one caller at a time.</summary>
public interface IStatistic
{
    /// <summary>How many rows there are.</summary>
    int Rows { get; }

    /// <summary>The statistic on all rows, each once; NaN where it means nothing.</summary>
    double Value { get; }

    /// <summary>The statistic on a resample of the rows; NaN where it means nothing.</summary>
    double Of(Resample resample);
}
