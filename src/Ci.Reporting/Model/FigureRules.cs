using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>What the series of figures and the pipeline's plots must hold to.</summary>
internal static class FigureRules
{
    private const int LongestText = 4_000;
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    public static void Check(List<string> wrong, Report report)
    {
        var series = report.Series;
        foreach (var ranking in new[] { series.Ranking?.Candidate, series.Ranking?.Baseline }.OfType<RankingSeries>())
            SeriesRules.CheckRanking(wrong, "series.ranking", ranking);
        foreach (var importance in new[] { series.Importance?.Candidate, series.Importance?.Baseline }.OfType<ImportanceSeries>())
            SeriesRules.CheckImportance(wrong, "series.importance", importance);
        if (series.Actual is { } actual)
        {
            SeriesRules.CheckActual(wrong, "series.actual", actual.Low, actual.Width, actual.Bins, actual.Candidate, actual.CandidateBeyond);
            if (actual.Baseline is { } other)
                SeriesRules.CheckActual(wrong, "series.actual", actual.Low, actual.Width, actual.Bins, other, actual.BaselineBeyond);
        }

        if (series.Learning is { } learning)
            CheckLearning(wrong, learning);
        if (series.History is { } history)
            CheckHistory(wrong, history);
        SeriesRules.CheckLatency(wrong, "latency", report.Latency?.P99Ms, report.Latency?.QuantilesMs);
        SeriesRules.CheckLatency(wrong, "latency.baseline", report.Latency?.Baseline?.P99Ms, report.Latency?.Baseline?.QuantilesMs);
        CheckPlots(wrong, report);
    }

    private static void CheckLearning(List<string> wrong, ReportLearning learning)
    {
        Short(wrong, "series.learning.x", learning.X);
        if (learning.Panels.Count is 0 or > ReportLearning.MostPanels || learning.Panels.Any(panel => panel.Lines.Count is 0 or > 8))
            wrong.Add($"series.learning needs 1 to {ReportLearning.MostPanels} panels of 1 to 8 lines");
        foreach (var line in learning.Panels.SelectMany(panel => panel.Lines))
        {
            Short(wrong, "series.learning.rows", line.Rows);
            if (line.Points.Count is 0 or > ReportLearning.MostPoints + 2)
                wrong.Add($"series.learning has a line of {line.Points.Count} points; expected 1 to {ReportLearning.MostPoints + 2}");
        }

        foreach (var panel in learning.Panels)
            Short(wrong, "series.learning.metric", panel.Metric);
    }

    private static void CheckHistory(List<string> wrong, ReportHistory history)
    {
        Short(wrong, "series.history.metric", history.Metric);
        if (history.Points.Count is 0 or > ReportHistory.MostPoints)
            wrong.Add($"series.history has {history.Points.Count} points; expected 1 to {ReportHistory.MostPoints}");
        foreach (var point in history.Points)
        {
            Short(wrong, "series.history.commit", point.Commit);
            Short(wrong, "series.history.version", point.Version);
            if (point.Low > point.High)
                wrong.Add("series.history has an interval whose ends are swapped");
        }
    }

    private static void CheckPlots(List<string> wrong, Report report)
    {
        if (report.Plots.Count > ReportPlot.MostPlots || report.PlotsLeftOut < 0)
            wrong.Add($"plots has {report.Plots.Count} entries, at most {ReportPlot.MostPlots} are read");
        var points = report.Plots.Sum(plot => plot.Curves.Sum(curve => (long)curve.X.Count));
        if (points > ReportPlot.MostPoints * 2L || report.Plots.Any(plot => plot.Curves.Count > ReportPlot.MostCurves || plot.Pictures.Count > ReportPlot.MostCurves))
            wrong.Add($"plots has {points} points or a plot with too many curves; at most {ReportPlot.MostPoints * 2L} points and {ReportPlot.MostCurves} curves are read");
        foreach (var plot in report.Plots)
        {
            foreach (var text in new[] { plot.Id, plot.Title, plot.XLabel, plot.YLabel })
                Short(wrong, "plots", text);
            foreach (var curve in plot.Curves)
                CheckCurve(wrong, curve);
        }

        var pictures = report.Plots.SelectMany(plot => plot.Pictures).ToList();
        if (pictures.Sum(picture => (long)picture.Data.Length) > ReportPlotPicture.MostBytes)
            wrong.Add($"the pictures of plots have more than {Numbers.Bytes(ReportPlotPicture.MostBytes)} together");
        if (pictures.Any(picture => !Pictures.Contains(picture.MediaType, StringComparer.Ordinal) || PictureSize.Of(picture.Data) is not { } found || found.MediaType != picture.MediaType || picture.Width is < 1 or > PictureSize.Most || picture.Height is < 1 or > PictureSize.Most))
            wrong.Add($"plots has a picture that is no {string.Join(", ", Pictures)}, or whose size is not from 1 to {PictureSize.Most}");
    }

    private static void CheckCurve(List<string> wrong, ReportPlotCurve curve)
    {
        Short(wrong, "plots.curves.name", curve.Name);
        if (curve.X.Count != curve.Y.Count || (curve.Counts is { } counts && (counts.Count != curve.X.Count || counts.Any(count => count < 0))))
            wrong.Add("plots has a curve whose lists differ in length, or a count below 0");
        if (curve.Revision is < 0 or > 1_000)
            wrong.Add("plots.curves.revision is out of range");
        if (curve.X.Concat(curve.Y).Any(text => text.Length > LongestText))
            wrong.Add($"plots holds a text of more than {LongestText} characters");
    }

    private static void Short(List<string> wrong, string what, string? text)
    {
        if (text?.Length > LongestText)
            wrong.Add($"{what} is {text.Length} characters long, at most {LongestText} are read");
    }
}
