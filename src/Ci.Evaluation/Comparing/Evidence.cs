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
    /// <summary>Evidence from a bootstrap distribution; null where the resamples mean nothing.</summary>
    public static Evidence? OfDraws(double point, double[] draws, double level, double threshold, string test)
    {
        if (Bootstrap.Percentile(draws, level, test) is not { } interval)
            return null;
        var finite = draws.Where(double.IsFinite).ToArray();
        // One is added above and below: no number of resamples proves a chance of 0.
        var good = (1 + finite.Count(d => d >= threshold)) / (finite.Length + 1.0);
        var bad = (1 + finite.Count(d => d <= threshold)) / (finite.Length + 1.0);
        return new Evidence(point, interval.Low, interval.High, good, bad, test);
    }

    /// <summary>Evidence of two shares of right rows, in closed form. Worseness is the share lost.</summary>
    public static Evidence OfShares(long onlyBaselineRight, long onlyCandidateRight, long rows, double level, double threshold)
    {
        var interval = Proportions.PairedDifference(onlyBaselineRight, onlyCandidateRight, rows, level);
        return new Evidence(
            (double)(onlyBaselineRight - onlyCandidateRight) / rows,
            interval.Low,
            interval.High,
            Proportions.PairedP(onlyBaselineRight, onlyCandidateRight, rows, threshold, above: false),
            Proportions.PairedP(onlyBaselineRight, onlyCandidateRight, rows, threshold, above: true),
            interval.Method);
    }
}
