using MathNet.Numerics.Distributions;

namespace Ci.Statistics;

/// <summary>
/// A statistic on many resamples, and what follows from it. Percentiles of a bootstrap are too narrow where the rows make few blocks: their
/// spread is itself an estimate, and too small on average. So they are taken further out: where a normal distribution says α, at
/// Φ(t·√(k/(k − 1))) with t Student's α-quantile of k − 1 degrees: the expanded percentile interval of Hesterberg ("What teachers should
/// know about the bootstrap", The American Statistician 69, 2015), with the k = rows / block length blocks in the place of his rows. That is
/// a little wider than the fixed-b theory of long-run variances asks for (Kiefer and Vogelsang 2005). Limits: the statistic must be smooth in means (not a median, not a maximum), and its rows must forget within a few blocks.
/// </summary>
public sealed class BootstrapDistribution
{
    /// <summary>Fewer blocks carry no interval: the quantiles that it asks for lie beyond all resamples.</summary>
    public const int LeastBlocks = 5;

    private readonly double[] sorted;
    private readonly double blocks;
    private readonly double stretch;
    private readonly string words;

    internal BootstrapDistribution(double[] draws, int rows, int blockLength)
    {
        this.Draws = draws;
        this.sorted = [.. draws.Where(double.IsFinite)];
        Array.Sort(this.sorted);
        this.blocks = (double)rows / blockLength;
        this.stretch = Math.Sqrt(this.blocks / Math.Max(1e-9, this.blocks - 1));
        this.words = blockLength == 1
            ? $"bootstrap of independent rows, {draws.Length} resamples, expanded percentiles"
            : $"circular block bootstrap, blocks of {blockLength} rows, {draws.Length} resamples, percentiles expanded for {this.blocks:0} blocks";
    }

    /// <summary>The statistic on each resample, in the order drawn; NaN where it means nothing there.</summary>
    public IReadOnlyList<double> Draws { get; }

    /// <summary>How intervals and chances are found, in words a report can print.</summary>
    public string Method => this.words;

    /// <summary>Whether there are blocks enough, and no more than one resample in twenty means nothing.</summary>
    public bool IsTelling => this.blocks >= LeastBlocks && this.sorted.Length > 0 && this.sorted.Length >= 0.95 * this.Draws.Count;

    /// <summary>The two-sided interval; null unless <see cref="IsTelling"/>.</summary>
    /// <param name="level">The confidence level in (0, 1).</param>
    public Interval? Interval(double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "a confidence level lies between 0 and 1");
        if (!this.IsTelling)
            return null;
        var tail = Normal.CDF(0, 1, StudentT.InvCDF(0, 1, this.blocks - 1, (1 - level) / 2) * this.stretch);
        return new Interval(this.Quantile(tail), this.Quantile(1 - tail), level, this.words);
    }

    /// <summary>
    /// One-sided: the chance of evidence so far below (<paramref name="above"/>: above) a threshold where the truth lies on it; the level at
    /// which the interval's end meets the threshold. NaN unless <see cref="IsTelling"/>.
    /// </summary>
    public double P(double threshold, bool above)
    {
        if (!this.IsTelling)
            return double.NaN;
        // One is added above and below: no number of resamples proves a chance of 0.
        var share = (1 + this.sorted.LongCount(d => above ? d <= threshold : d >= threshold)) / (this.sorted.Length + 1.0);
        return share >= 1 ? 1 : StudentT.CDF(0, 1, this.blocks - 1, Normal.InvCDF(0, 1, share) / this.stretch);
    }

    /// <summary>Linear interpolation between order statistics (type 7 of Hyndman and Fan, numpy's default).</summary>
    private double Quantile(double q)
    {
        var at = q * (this.sorted.Length - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, this.sorted.Length - 1);
        return this.sorted[below] + ((at - below) * (this.sorted[above] - this.sorted[below]));
    }
}
