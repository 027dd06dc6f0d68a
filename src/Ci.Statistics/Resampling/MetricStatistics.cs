namespace Ci.Statistics;

/// <summary>Every metric of <see cref="RegressionMetrics"/> and <see cref="ClassificationMetrics"/> as a statistic that can be resampled; the same formulas.</summary>
public static class MetricStatistics
{
    /// <summary>The mean of a number a row.</summary>
    public static IStatistic Mean(double[] terms) => new MeanStatistic([terms], m => m[0]);

    /// <summary>The root of the mean of a number a row that is not below 0, such as a squared error.</summary>
    public static IStatistic RootMean(double[] terms) => new MeanStatistic([terms], m => Math.Sqrt(Math.Max(0, m[0])));

    /// <summary>The mean of several statistics over the same rows; one that means nothing on a resample does not count in it.</summary>
    public static IStatistic MeanOf(IReadOnlyList<IStatistic> statistics) => new MeanOfStatistics(statistics);

    public static IStatistic Rmse(double[] target, double[] prediction) =>
        new MeanStatistic([Terms(target, prediction, (t, p) => (p - t) * (p - t))], m => Math.Sqrt(Math.Max(0, m[0])));

    public static IStatistic Mae(double[] target, double[] prediction) =>
        new MeanStatistic([Terms(target, prediction, (t, p) => Math.Abs(p - t))], m => m[0]);

    public static IStatistic Mape(double[] target, double[] prediction) => new MeanStatistic(
        [Terms(target, prediction, (t, p) => t == 0 ? 0 : Math.Abs((p - t) / t)), Terms(target, prediction, (t, _) => t == 0 ? 0 : 1)],
        m => m[1] <= 0 ? double.NaN : 100 * m[0] / m[1]);

    public static IStatistic Bias(double[] target, double[] prediction) =>
        new MeanStatistic([Terms(target, prediction, (t, p) => p - t)], m => m[0]);

    public static IStatistic R2(double[] target, double[] prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        // Centred first: the variance is then a small difference of small numbers.
        var mean = target.Sum() / target.Length;
        return new MeanStatistic(
            [Terms(target, prediction, (t, p) => (p - t) * (p - t)), Terms(target, prediction, (t, _) => t - mean), Terms(target, prediction, (t, _) => (t - mean) * (t - mean))],
            m => m[2] - (m[1] * m[1]) is > 0 and var variance ? 1 - (m[0] / variance) : double.NaN);
    }

    public static IStatistic Accuracy(double[] target, double[] label) =>
        new MeanStatistic([Terms(target, label, (t, l) => t == l ? 1 : 0)], m => m[0]);

    /// <summary>Binary cross-entropy; probabilities of class 1.</summary>
    public static IStatistic LogLoss(double[] target, double[] probability) =>
        new MeanStatistic([Terms(target, probability, (t, p) => ClassificationMetrics.LogLoss([t], [p]))], m => m[0]);

    /// <summary>Cross-entropy over classes; probabilities row-major, rows × classes.</summary>
    public static IStatistic LogLoss(double[] target, double[] probabilities, int classes) =>
        new MeanStatistic([RowTerms(target, probabilities, classes, (t, p) => ClassificationMetrics.LogLoss([t], p, p.Length))], m => m[0]);

    public static IStatistic Brier(double[] target, double[] probability) =>
        new MeanStatistic([Terms(target, probability, (t, p) => (p - t) * (p - t))], m => m[0]);

    public static IStatistic Brier(double[] target, double[] probabilities, int classes) =>
        new MeanStatistic([RowTerms(target, probabilities, classes, (t, p) => ClassificationMetrics.Brier([t], p, p.Length))], m => m[0]);

    public static IStatistic RocAuc(double[] target, double[] score) => new RankStatistic(target, score, precisionRecall: false);

    public static IStatistic PrAuc(double[] target, double[] score) => new RankStatistic(target, score, precisionRecall: true);

    /// <summary>Classes that occur in neither targets nor labels of a resample do not count in it.</summary>
    public static IStatistic F1Macro(double[] target, double[] label)
    {
        Pairs.Check(target?.Length ?? 0, label?.Length ?? 0);
        var classes = 1 + (int)Math.Max(target!.Max(), label!.Max());
        var terms = new List<double[]>(2 * classes);
        for (var c = 0; c < classes; c++)
        {
            var one = c;
            terms.Add(Terms(target!, label!, (t, l) => t == one && l == one ? 2 : 0));
            terms.Add(Terms(target!, label!, (t, l) => (t == one ? 1 : 0) + (l == one ? 1 : 0)));
        }

        return new MeanStatistic(terms, MeanOfRatios);
    }

    private static double MeanOfRatios(double[] means)
    {
        double sum = 0;
        var seen = 0;
        for (var k = 0; k < means.Length; k += 2)
        {
            // Sums of whole numbers are exact in prefix sums, so an absent class is exactly 0.
            if (means[k + 1] <= 0)
                continue;
            sum += means[k] / means[k + 1];
            seen++;
        }

        return seen == 0 ? double.NaN : sum / seen;
    }

    private delegate double RowTerm(double target, ReadOnlySpan<double> probabilities);

    private static double[] RowTerms(double[] target, double[] probabilities, int classes, RowTerm term)
    {
        Pairs.Check(target.Length * classes, probabilities.Length);
        var terms = new double[target.Length];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = term(target[i], probabilities.AsSpan(i * classes, classes));
        return terms;
    }

    private static double[] Terms(double[] target, double[] prediction, Func<double, double, double> term)
    {
        Pairs.Check(target.Length, prediction.Length);
        var terms = new double[target.Length];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = term(target[i], prediction[i]);
        return terms;
    }
}
