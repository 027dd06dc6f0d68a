using MathNet.Numerics.Distributions;

namespace Ci.Reporting;

/// <summary>
/// The largest difference between two slices of one model. It is found by looking at all pairs, so its interval allows for that many
/// (Bonferroni: the slices' own half-widths are widened by the ratio of the normal quantiles), and is put together as if the slices were
/// independent (MOVER, as in <see cref="SliceTable"/>).
/// </summary>
internal sealed record SliceGap(ReportSlice Best, ReportSlice Worst, Measurement Difference, int Pairs, ReportSlices Slices)
{
    public string Words
    {
        get
        {
            var (metric, unit) = (MetricName.Of(this.Slices.Metric), this.Slices.Unit == "%" ? "percentage points" : PlainText.Clean(this.Slices.Unit));
            var start = $"Largest gap between slices: {metric} is {Numbers.WithUnit(this.Difference.Text, unit)} {(this.Difference.Value < 0 ? "lower" : "higher")} on “{PlainText.Clean(this.Worst.Name)}” ({Numbers.Count(this.Worst.Rows, "row")}) "
                + $"than on “{PlainText.Clean(this.Best.Name)}” ({Numbers.Count(this.Best.Rows, "row")})";
            if (this.Difference is not { Low: { } low, High: { } high, Level: { } level })
                return start + "; its interval is not known.";
            var decimals = this.Difference.Decimals;
            return $"{start}; {Numbers.Level(level)} interval {Numbers.WithSign(low, decimals)} to {Numbers.WithSign(high, decimals)}, allowing for the {Numbers.Count(this.Pairs, "pair")} among which it is the largest"
                + (low > 0 || high < 0 ? "." : ": no gap is beyond chance.");
        }
    }

    /// <summary>Null with fewer than two slices.</summary>
    public static SliceGap? Of(ReportSlices slices)
    {
        var rows = slices.Rows.Where(slice => double.IsFinite(slice.Candidate.Value)).ToList();
        if (rows.Count < 2)
            return null;
        var sign = slices.Direction == "higher" ? -1 : 1;
        var best = rows.MinBy(slice => sign * slice.Candidate.Value)!;
        var worst = rows.MaxBy(slice => sign * slice.Candidate.Value)!;
        var pairs = rows.Count * (rows.Count - 1) / 2;
        var difference = best.Candidate.Level is { } level && best.Candidate.Level == worst.Candidate.Level
            ? SliceTable.Difference(Widened(worst.Candidate, level, pairs), Widened(best.Candidate, level, pairs))
            : new Measurement(worst.Candidate.Value - best.Candidate.Value);
        return new SliceGap(best, worst, difference, pairs, slices);
    }

    private static Measurement Widened(Measurement value, double level, int pairs)
    {
        if (value is not { Low: { } low, High: { } high } || level is not (> 0 and < 1))
            return value;
        var factor = Normal.InvCDF(0, 1, 1 - (1 - level) / (2 * pairs)) / Normal.InvCDF(0, 1, 1 - (1 - level) / 2);
        return value with { Low = value.Value - (value.Value - low) * factor, High = value.Value + (high - value.Value) * factor };
    }
}
