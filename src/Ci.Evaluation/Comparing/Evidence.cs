using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// What the rows say of one gate, turned so that more is worse: the point, its interval, and one-sided p-values against the
/// threshold that good and bad meet at.
/// </summary>
/// <param name="Worseness">How much worse (relative rules: than the baseline; absolute ones: the value with its sign turned so that more is worse).</param>
/// <param name="Low">The interval's lower end, on the same scale.</param>
/// <param name="High">Its upper end.</param>
/// <param name="PGood">The chance of evidence so good where the truth lies on the threshold.</param>
/// <param name="PBad">The chance of evidence so bad there.</param>
/// <param name="Test">The test and its assumption.</param>
internal sealed record Evidence(double Worseness, double Low, double High, double PGood, double PBad, string Test)
{
    /// <summary>Evidence from resamples; null where they do not tell.</summary>
    /// <param name="value">The statistic itself.</param>
    /// <param name="distribution">The statistic on the resamples.</param>
    /// <param name="sign">1 where more of the statistic is worse, −1 where less is.</param>
    /// <param name="level">The interval's.</param>
    /// <param name="threshold">Where good and bad meet, already turned.</param>
    /// <param name="test">The test's words.</param>
    public static Evidence? OfResamples(double value, BootstrapDistribution distribution, int sign, double level, double threshold, string test)
    {
        if (distribution.Interval(level) is not { } interval)
            return null;
        var (low, high) = sign > 0 ? (interval.Low, interval.High) : (-interval.High, -interval.Low);
        var (below, above) = (distribution.P(sign * threshold, above: false), distribution.P(sign * threshold, above: true));
        return new Evidence(sign * value, low, high, sign > 0 ? below : above, sign > 0 ? above : below, test);
    }

    /// <summary>Evidence of two shares of right rows, independent of each other, in closed form. Worseness is the share lost.</summary>
    public static Evidence OfShares(long onlyBaselineRight, long onlyCandidateRight, long rows, double level, double threshold)
    {
        var interval = Proportions.PairedDifference(onlyBaselineRight, onlyCandidateRight, rows, level);
        var worseness = (double)(onlyBaselineRight - onlyCandidateRight) / rows;
        // Against no difference at all there is an exact test; against a margin there is none, so the interval's own approximation decides.
        return threshold == 0
            ? new Evidence(worseness, interval.Low, interval.High,
                Proportions.McNemarP(onlyBaselineRight, onlyCandidateRight, above: false),
                Proportions.McNemarP(onlyBaselineRight, onlyCandidateRight, above: true),
                $"McNemar's exact test; {interval.Method}")
            : new Evidence(worseness, interval.Low, interval.High,
                Proportions.PairedP(onlyBaselineRight, onlyCandidateRight, rows, threshold, above: false),
                Proportions.PairedP(onlyBaselineRight, onlyCandidateRight, rows, threshold, above: true),
                interval.Method);
    }
}
