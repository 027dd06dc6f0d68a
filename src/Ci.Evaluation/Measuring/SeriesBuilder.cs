using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>The small aggregated series that figures are drawn from.</summary>
internal static class SeriesBuilder
{
    private const int MostLabels = 30;
    private const int Bins = 61;

    public static EvaluationSeries Build(Scores scores, IReadOnlyList<string> classes, string[]? keys, ResamplingFacts resampling) => new()
    {
        Timeline = keys is not null && scores.Task == Tasks.Regression && KeyTimes.Read(keys) is { } times ? Timeline(scores, times) : null,
        Residuals = scores.Task == Tasks.Regression ? Residuals(scores) : null,
        Confusion = scores.Task != Tasks.Regression && classes.Count <= MostLabels ? Confusion(scores, classes) : null,
        Calibration = scores.Task == Tasks.Binary && scores.Probability is not null ? Calibration(scores) : null,
        Ranking = RankingCurves.Of(scores, classes, resampling),
        Actual = scores.Task == Tasks.Regression ? ActualSquares.Of(scores) : null,
    };

    private static TimelineSeries? Timeline(Scores scores, DateTimeOffset[] times)
    {
        var first = new DateTimeOffset(times.Min().Date, TimeSpan.Zero);
        var days = (times.Max() - first).TotalDays;
        if (days < 3)
            return null;
        var span = days <= 60 ? 1 : 7 * (int)Math.Ceiling(days / 7 / 200);
        var points = times
            .Select((time, row) => (Bin: (int)((time - first).TotalDays / span), row))
            .GroupBy(pair => pair.Bin, pair => pair.row)
            .OrderBy(group => group.Key)
            .Select(group => new TimelineMean(
                first.AddDays(group.Key * span), group.Count(), group.Average(r => scores.Target[r]), group.Average(r => scores.Prediction[r])));
        return new TimelineSeries(span, [.. points]);
    }

    /// <summary>Bins span one and a half standard deviations of the target on both sides, in steps of a round number.</summary>
    private static ResidualSeries? Residuals(Scores scores)
    {
        var mean = scores.Target.Average();
        var deviation = Math.Sqrt(scores.Target.Sum(t => (t - mean) * (t - mean)) / scores.Rows);
        if (deviation <= 0 || !double.IsFinite(deviation))
            return null;
        var width = Round(3 * deviation / Bins);
        var low = -width * Bins / 2;
        var histogram = new Histogram(low, low + (width * Bins), Bins);
        for (var i = 0; i < scores.Rows; i++)
            histogram.Add(scores.Prediction[i] - scores.Target[i]);
        return new ResidualSeries(low, width, [.. histogram.Counts.ToArray().Select(c => (int)c)], (int)(histogram.Below + histogram.Above));
    }

    /// <summary>1, 2 or 5 times a power of ten, at least the value.</summary>
    public static double Round(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * (value / power <= 1 ? 1 : value / power <= 2 ? 2 : value / power <= 5 ? 5 : 10);
    }

    private static ConfusionSeries Confusion(Scores scores, IReadOnlyList<string> classes)
    {
        var counts = new int[classes.Count * classes.Count];
        for (var i = 0; i < scores.Rows; i++)
            counts[((int)scores.Target[i] * classes.Count) + (int)scores.Prediction[i]]++;
        return new ConfusionSeries(classes, counts);
    }

    private static List<CalibrationPoint> Calibration(Scores scores)
    {
        var points = new List<CalibrationPoint>();
        foreach (var tenth in Enumerable.Range(0, scores.Rows).GroupBy(i => Math.Clamp((int)(scores.Probability![i] * 10), 0, 9)).OrderBy(g => g.Key))
        {
            var rows = tenth.Count();
            var found = tenth.Count(i => scores.Target[i] == 1);
            var interval = Proportions.Wilson(found, rows, 0.95);
            points.Add(new CalibrationPoint(tenth.Average(i => scores.Probability![i]), (double)found / rows, interval.Low, interval.High, rows));
        }

        return points;
    }
}
