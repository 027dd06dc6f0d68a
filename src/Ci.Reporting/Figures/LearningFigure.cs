using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The metric after every iteration: solid on rows held back, dotted on the training rows; the best is marked.</summary>
internal static class LearningFigure
{
    private const string Training = "training";

    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Learning is not { } learning || learning.Panels.All(panel => panel.Lines.All(line => line.Points.Count < 2)))
            return null;
        var panels = learning.Panels.Where(panel => panel.Lines.Any(line => line.Points.Count >= 2)).ToList();
        var baseline = panels.Exists(panel => panel.Lines.Any(line => line.Baseline)) ? PlainText.Clean(report.BaselineLabel) : null;
        var x = PlainText.Clean(learning.X, 60);
        var title = TitleOf(panels[0], x);
        const string explanation = "Dotted: on the training rows; the larger dot marks the best value";
        var words = panels.SelectMany(panel => panel.Lines.Select(line => $"{MetricName.Of(panel.Metric)} on {PlainText.Clean(line.Rows, 60)} rows{(line.Baseline ? $" ({baseline})" : "")}: {Numbers.Text(line.Points[0].Y)} at first, {Numbers.Text(line.Points[^1].Y)} at last"));
        return new FigureDrawing("learning", title, explanation, $"{title}. {string.Join("; ", words)}.", (canvas, top) => Draw(canvas, top, panels, x, baseline)) { Group = FigureGroup.Training };
    }

    private static string TitleOf(LearningPanel panel, string x)
    {
        var line = panel.Lines.FirstOrDefault(l => !l.Baseline && l.Rows != Training) ?? panel.Lines.FirstOrDefault(l => !l.Baseline) ?? panel.Lines[0];
        var (best, last) = (BestOf(panel, line), line.Points[^1]);
        var rows = PlainText.Clean(line.Rows, 60);
        var value = Numbers.WithUnit(Numbers.Text(best.Y), PlainText.Clean(panel.Unit));
        var on = $"{MetricName.Of(panel.Metric)}{(rows.Length == 0 ? "" : $" on {rows} rows")}";
        return best.X == last.X ? $"{on} ends at its best: {value} at {x} {Numbers.Round(last.X)}" : $"{on} is best at {x} {Numbers.Round(best.X)} of {Numbers.Round(last.X)}: {value}";
    }

    private static CurvePoint BestOf(LearningPanel panel, LearningLine line) =>
        MetricNames.DirectionOf(panel.Metric) == "higher" ? line.Points.MaxBy(point => point.Y)! : line.Points.MinBy(point => point.Y)!;

    private static double Draw(SvgCanvas canvas, double top, IReadOnlyList<LearningPanel> panels, string x, string? baseline)
    {
        var y = baseline is null ? top : Header.Key(canvas, top, baseline, marks: false);
        foreach (var panel in panels)
            y = Panel(canvas, y, panel, x, panels.Count > 1, baseline) + 12;
        return y - 12;
    }

    private static double Panel(SvgCanvas canvas, double top, LearningPanel panel, string x, bool named, string? baseline)
    {
        var size = canvas.Size;
        var height = size.IsWide ? 220 : named ? 140 : 180;
        var unit = PlainText.Clean(panel.Unit);
        canvas.Text(canvas.Left, top + size.Tick, TextWidth.Fit(MetricName.Of(panel.Metric) + (unit.Length == 0 ? "" : $", {unit}"), size.Tick, canvas.Right - canvas.Left), size.Tick, "f-mute");
        var (plotTop, bottom) = (top + size.Tick + 9, top + size.Tick + 9 + height);
        var lines = panel.Lines.Where(line => line.Points.Count > 0).ToList();
        var (low, high) = Worthwhile(lines);
        var values = LinearScale.Around([low, high], bottom, plotTop);
        var left = canvas.Left + Axes.LeftWidth(size, values, height);
        var labels = lines.ConvertAll(line => (Line: line, Text: line.Baseline ? $"{PlainText.Clean(line.Rows, 40)}, {baseline}" : PlainText.Clean(line.Rows, 40)));
        var room = Math.Min(size.Width * 0.24, labels.Max(label => TextWidth.Of(label.Text, size.Label, bold: true)));
        var right = canvas.Right - room - 9;
        var across = LinearScale.Around(lines.SelectMany(line => line.Points.Select(point => point.X)), left, right, room: 0);
        Axes.Left(canvas, values, left, right, height);
        var first = lines.Max(line => line.Points[0].Y);
        if (first > high)
            canvas.Text(right, plotTop + size.Tick, TextWidth.Fit($"↖ begins at {Numbers.WithUnit(Numbers.Text(first), unit)}", size.Tick, right - left - 8), size.Tick, "f-mute", Anchor.End);
        Axes.Bottom(canvas, across, left, right, plotTop, bottom, x);
        foreach (var line in lines.OrderBy(line => line.Baseline ? 0 : 1))
        {
            canvas.Polyline(Within(line.Points, low, high).Select(point => (across.At(point.X), values.At(point.Y))), StyleOf(line));
            var best = BestOf(panel, line);
            var tip = $"{(line.Baseline ? baseline : "candidate")}, {PlainText.Clean(line.Rows)}: best {Numbers.WithUnit(Numbers.Text(best.Y), unit)} at {x} {Numbers.Round(best.X)}";
            if (line.Baseline)
                canvas.Diamond(across.At(best.X), values.Within(best.Y), line.Rows == Training ? 2.6 : 4.6, "f-base-mark", tip);
            else
                canvas.Dot(across.At(best.X), values.Within(best.Y), line.Rows == Training ? 2 : 4, "f-cand-mark", tip);
        }

        foreach (var (label, y) in Labels.Spread(labels, label => values.Within(label.Line.Points[^1].Y), size.Label + 2, plotTop + 6, bottom - 4))
            canvas.Text(right + 7, y + (size.Label * 0.35), TextWidth.Fit(label.Text, size.Label, room, bold: !label.Line.Baseline), size.Label, label.Line.Baseline ? "f-base-text" : "f-cand-text");
        return bottom + Axes.BottomHeight(size, label: true);
    }

    /// <summary>
    /// The span that all lines have after a twentieth of their way: the first steps fall so steeply that on one axis with them all that
    /// follows would be a flat line. The whole span where that gains little.
    /// </summary>
    private static (double Low, double High) Worthwhile(List<LearningLine> lines)
    {
        var (low, high) = (lines.Min(line => line.Points.Min(point => point.Y)), lines.Max(line => line.Points.Max(point => point.Y)));
        var from = lines.Min(line => line.Points[0].X) + ((lines.Max(line => line.Points[^1].X) - lines.Min(line => line.Points[0].X)) / 20);
        var later = lines.SelectMany(line => line.Points).Where(point => point.X >= from).Select(point => point.Y).DefaultIfEmpty(high).Max();
        return later - low < (high - low) / 3 && later > low ? (low, later) : (low, high);
    }

    // Where a line comes in from above, it begins on the edge.
    private static IEnumerable<(double X, double Y)> Within(IReadOnlyList<CurvePoint> points, double low, double high)
    {
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Y >= low && points[i].Y <= high)
            {
                if (i > 0 && points[i - 1].Y > high)
                    yield return (points[i - 1].X + ((points[i].X - points[i - 1].X) * (points[i - 1].Y - high) / (points[i - 1].Y - points[i].Y)), high);
                yield return (points[i].X, points[i].Y);
            }
            else
            {
                yield return (double.NaN, double.NaN);
            }
        }
    }

    private static string StyleOf(LearningLine line) => (line.Baseline, line.Rows == Training) switch
    {
        (false, false) => "f-cand",
        (false, true) => "f-cand-dash",
        (true, false) => "f-base-line",
        _ => "f-base-dash",
    };
}
