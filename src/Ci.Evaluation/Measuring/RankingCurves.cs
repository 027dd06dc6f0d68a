using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>ROC and precision–recall curves from probabilities, thinned to a hundred points, with bootstrap intervals of their areas.</summary>
internal static class RankingCurves
{
    /// <summary>Rows × classes × resamples that a pull request's author will wait for: about two seconds.</summary>
    private const double MostWork = 3e8;

    private const int LeastResamples = 200;

    /// <summary>Null where there are no probabilities, or no class has both rows and others.</summary>
    public static RankingSeries? Of(Scores scores, IReadOnlyList<string> classes, ResamplingFacts resampling)
    {
        if (scores.Task == Tasks.Regression || scores.Probability is null)
            return null;
        var sides = Sides(scores, classes);
        if (sides.Count == 0)
            return null;
        var shown = sides.OrderByDescending(side => side.Positives).Take(RankingSeries.MostClasses).OrderBy(side => side.Number).ToList();
        var roc = shown.ConvertAll(side => MetricStatistics.RocAuc(side.Truth, side.Score));
        var precision = shown.ConvertAll(side => MetricStatistics.PrAuc(side.Truth, side.Score));
        // The mean over all classes, those that are not drawn too.
        var macro = sides.Count == 1 ? [] : new List<IStatistic>
        {
            MetricStatistics.MeanOf([.. sides.Select(side => MetricStatistics.RocAuc(side.Truth, side.Score))]),
            MetricStatistics.MeanOf([.. sides.Select(side => MetricStatistics.PrAuc(side.Truth, side.Score))]),
        };
        var (areas, method) = Areas([.. roc, .. precision, .. macro], scores.Rows * 2.0 * (shown.Count + sides.Count), resampling);
        return new RankingSeries
        {
            Classes = [.. shown.Select((side, i) => Curves(side, areas[i], areas[shown.Count + i]))],
            AllClasses = sides.Count,
            Rows = scores.Rows,
            MacroRocArea = macro.Count > 0 ? areas[^2] : null,
            MacroPrecisionRecallArea = macro.Count > 0 ? areas[^1] : null,
            Level = method is null ? null : resampling.Level,
            Method = method,
        };
    }

    private static List<Side> Sides(Scores scores, IReadOnlyList<string> classes)
    {
        var binary = scores.Task == Tasks.Binary;
        var width = binary ? 1 : scores.Classes;
        var sides = new List<Side>();
        foreach (var number in binary ? [1] : Enumerable.Range(0, scores.Classes))
        {
            var truth = new double[scores.Rows];
            var score = new double[scores.Rows];
            for (var row = 0; row < truth.Length; row++)
            {
                truth[row] = scores.Target[row] == number ? 1 : 0;
                score[row] = scores.Probability![(row * width) + (binary ? 0 : number)];
            }

            var positives = (int)truth.Sum();
            if (positives > 0 && positives < scores.Rows)
                sides.Add(new Side(number, number < classes.Count ? classes[number] : $"{number}", positives, truth, score));
        }

        return sides;
    }

    private static (IReadOnlyList<CurveArea> Areas, string? Method) Areas(IReadOnlyList<IStatistic> statistics, double workEach, ResamplingFacts resampling)
    {
        var resamples = (int)Math.Min(resampling.Resamples, MostWork / workEach);
        if (resamples < Math.Min(LeastResamples, resampling.Resamples))
            return ([.. statistics.Select(statistic => new CurveArea(statistic.Value))], null);
        var draws = Bootstrap.Distributions(statistics, resampling.BlockLength, resamples, resampling.Seed);
        var intervals = draws.Select(draw => draw.Interval(resampling.Level)).ToList();
        return ([.. statistics.Select((statistic, i) => new CurveArea(statistic.Value, intervals[i]?.Low, intervals[i]?.High))], intervals.Exists(i => i is not null) ? draws[0].Method : null);
    }

    private static ClassCurves Curves(Side side, CurveArea roc, CurveArea precision)
    {
        var order = Enumerable.Range(0, side.Score.Length).OrderByDescending(row => side.Score[row]).ToArray();
        double negatives = side.Score.Length - side.Positives;
        List<CurvePoint> rates = [new(0, 0)];
        List<CurvePoint> recalls = [];
        var (found, missed) = (0, 0);
        for (var at = 0; at < order.Length;)
        {
            // Rows of one score cannot be told apart: they are one step.
            var score = side.Score[order[at]];
            for (; at < order.Length && side.Score[order[at]] == score; at++)
            {
                if (side.Truth[order[at]] != 0)
                    found++;
                else
                    missed++;
            }

            rates.Add(new CurvePoint(missed / negatives, (double)found / side.Positives));
            recalls.Add(new CurvePoint((double)found / side.Positives, (double)found / (found + missed)));
        }

        return new ClassCurves(side.Class, side.Positives, Thinned(rates), roc, Thinned(recalls), precision);
    }

    /// <summary>Points a hundredth of the curve's length apart (as the crow does not fly: sums of both axes), its ends kept.</summary>
    internal static IReadOnlyList<CurvePoint> Thinned(List<CurvePoint> points)
    {
        if (points.Count <= RankingSeries.MostPoints)
            return [.. points.Select(Rounded)];
        var length = points.Zip(points.Skip(1), Distance).Sum();
        var kept = new List<CurvePoint> { points[0] };
        double walked = 0;
        for (var i = 1; i < points.Count - 1; i++)
        {
            walked += Distance(points[i - 1], points[i]);
            if (walked >= length * kept.Count / (RankingSeries.MostPoints - 1))
                kept.Add(points[i]);
        }

        kept.Add(points[^1]);
        return [.. kept.Select(Rounded)];
    }

    private static double Distance(CurvePoint a, CurvePoint b) => Math.Abs(b.X - a.X) + Math.Abs(b.Y - a.Y);

    // Finer than any screen, and short in the document.
    private static CurvePoint Rounded(CurvePoint point) => new(Math.Round(point.X, 5), Math.Round(point.Y, 5));

    private sealed record Side(int Number, string Class, int Positives, double[] Truth, double[] Score);
}
