using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The pipeline's own plots as they go into a report and come out of it: bounded, and drawn like all other figures.</summary>
public static class ReportPlots
{
    private const int MostCurvePoints = 300;
    private const int LeastCurvePoints = 20;
    private const int MostBars = 40;
    private const int MostPairs = 900;
    private const int LongestText = 300;
    private const int Spare = 64 << 10;

    /// <summary>Puts plots and pictures into a report, as many as there is room for; what is left out is counted.</summary>
    /// <param name="report">Without plots.</param>
    /// <param name="plots">In the order in which they stand.</param>
    /// <param name="pictures">After them.</param>
    /// <param name="most">From 1 to <see cref="ReportPlot.MostPlots"/>.</param>
    public static Report With(Report report, IReadOnlyList<PlotCard> plots, IReadOnlyList<PlotPicture> pictures, int most)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(plots);
        ArgumentNullException.ThrowIfNull(pictures);
        most = Math.Clamp(most, 1, ReportPlot.MostPlots);
        var groups = pictures.GroupBy(picture => picture.Id, StringComparer.Ordinal).ToList();
        var curves = plots.Take(most).Sum(plot => Math.Min(plot.Curves.Count, ReportPlot.MostCurves));
        var points = Math.Clamp(ReportPlot.MostPoints / Math.Max(1, curves), LeastCurvePoints, MostCurvePoints);
        var kept = plots.Take(most).Select(plot => Bounded(plot, points)).ToList();
        var bytes = 0L;
        foreach (var group in groups.Take(Math.Max(0, most - kept.Count)))
        {
            if (PictureOf(group.Key, [.. group], ref bytes) is { } picture)
                kept.Add(picture);
        }

        // Texts may be long: a report that nobody would read for its size is worth less than one with fewer plots.
        while (kept.Count > 0 && (report with { Plots = kept }).ToBytes().Length > Report.MostBytes - Spare)
            kept.RemoveRange(kept.Count - ((kept.Count + 3) / 4), (kept.Count + 3) / 4);
        return report with { Plots = kept, PlotsLeftOut = plots.Count + groups.Count - kept.Count };
    }

    internal static IEnumerable<FigureDrawing> Drawings(Report report)
    {
        for (var index = 0; index < report.Plots.Count; index++)
        {
            var plot = report.Plots[index];
            var name = $"plot-{index + 1}";
            var drawing = plot.Kind is null ? PictureFigure.Of(plot, name) : PlotFigure.Of(CardOf(plot), name, out _);
            if (drawing is not null)
                yield return drawing with { Group = FigureGroup.Plots };
        }
    }

    private static PlotCard CardOf(ReportPlot plot) => new(plot.Id, plot.Title, plot.Kind!.Value, plot.XLabel, plot.YLabel,
        [.. plot.Curves.Select(curve => new PlotCurve(curve.Name, curve.Revision, [.. curve.X.Zip(curve.Y)]) { Counts = curve.Counts })]);

    private static ReportPlot Bounded(PlotCard plot, int points) => new()
    {
        Id = PlainText.Clean(plot.Id),
        Title = PlainText.Clean(plot.Title),
        Kind = plot.Kind,
        XLabel = PlainText.Clean(plot.XLabel),
        YLabel = PlainText.Clean(plot.YLabel),
        Curves = [.. plot.Curves.Take(ReportPlot.MostCurves).Select(curve => Bounded(curve, plot.Kind, points))],
    };

    private static ReportPlotCurve Bounded(PlotCurve curve, PlotKind kind, int most)
    {
        if (kind is PlotKind.Confusion or PlotKind.ConfusionShares)
            return Counted(curve, Math.Min(MostPairs, most * 4));
        // Thinned evenly, the last point kept: it is the one that is read off.
        var step = kind == PlotKind.Bars ? 1 : Math.Max(1, (int)Math.Ceiling(curve.Points.Count / (double)most));
        var kept = curve.Points.Where((_, i) => i % step == 0 || i == curve.Points.Count - 1).Take(kind == PlotKind.Bars ? MostBars : most + 1).ToList();
        return new ReportPlotCurve { Name = PlainText.Clean(curve.Name), Revision = curve.Revision, X = [.. kept.Select(p => Text(p.X))], Y = [.. kept.Select(p => Text(p.Y))] };
    }

    private static ReportPlotCurve Counted(PlotCurve curve, int most)
    {
        var pairs = curve.Points.CountBy(pair => (Text(pair.X), Text(pair.Y))).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Item1, StringComparer.Ordinal).ThenBy(pair => pair.Key.Item2, StringComparer.Ordinal).Take(most).ToList();
        return new ReportPlotCurve
        {
            Name = PlainText.Clean(curve.Name),
            Revision = curve.Revision,
            X = [.. pairs.Select(pair => pair.Key.Item1)],
            Y = [.. pairs.Select(pair => pair.Key.Item2)],
            Counts = [.. pairs.Select(pair => pair.Value)],
        };
    }

    private static ReportPlot? PictureOf(string id, IReadOnlyList<PlotPicture> pictures, ref long bytes)
    {
        var kept = new List<ReportPlotPicture>();
        foreach (var picture in pictures.Take(2))
        {
            if (PictureSize.Of(picture.Bytes) is not { } found || found.Width is < 1 or > PictureSize.Most || found.Height is < 1 or > PictureSize.Most || bytes + picture.Bytes.Length > ReportPlotPicture.MostBytes)
                continue;
            bytes += picture.Bytes.Length;
            kept.Add(new ReportPlotPicture { Revision = PlainText.Clean(picture.Revision), MediaType = found.MediaType, Width = found.Width, Height = found.Height, Data = picture.Bytes });
        }

        return kept.Count == 0 ? null : new ReportPlot { Id = PlainText.Clean(id), Title = PlainText.Clean(id), Pictures = kept };
    }

    private static string Text(string text) => PlainText.Clean(text, LongestText);
}
