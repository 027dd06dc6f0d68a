namespace Ci.Statistics;

/// <summary>A confidence interval from <paramref name="Low"/> to <paramref name="High"/>, in the unit of what was estimated.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, at least <paramref name="Low"/>.</param>
/// <param name="Level">The confidence level in (0, 1): 0.95 for 95 %.</param>
/// <param name="Method">How it was found, in words a report can print.</param>
public sealed record Interval(double Low, double High, double Level, string Method)
{
    public double Width => this.High - this.Low;

    public bool Contains(double value) => value >= this.Low && value <= this.High;
}
