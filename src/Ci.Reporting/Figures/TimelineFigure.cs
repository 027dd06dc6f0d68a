using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>What happened and what the models said, as means over days, weeks or months.</summary>
internal static class TimelineFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Timeline is not { Points.Count: >= 3 } timeline)
            return null;
        var span = timeline.Days switch { 1 => "Daily", 7 => "Weekly", 28 => "Four-weekly", _ => $"{timeline.Days}-day" };
        var target = PlainText.Clean(report.Target ?? "target");
        var title = $"{span} means: actual and predicted {target}";
        var baseline = report.Baseline is null || timeline.Points.All(p => p.Baseline is null) ? null : PlainText.Clean(report.BaselineLabel);
        var last = timeline.Points.Where(p => p.Rows > 0).MaxBy(p => Math.Abs(p.Candidate - p.Target))!;
        var alt = $"{title}, {timeline.Points[0].From:yyyy-MM-dd} to {timeline.Points[^1].From:yyyy-MM-dd}. The candidate is furthest off in the span from {last.From:yyyy-MM-dd}: "
            + $"{Numbers.WithUnit(Numbers.Text(last.Candidate), report.Unit)} predicted, {Numbers.WithUnit(Numbers.Text(last.Target), report.Unit)} actual.";
        return new FigureDrawing("timeline", title, report.Unit is null ? null : $"In {PlainText.Clean(report.Unit)}", alt, (canvas, top) => Draw(canvas, top, timeline, baseline, report.Unit));
    }

    private static double Draw(SvgCanvas canvas, double top, ReportTimeline timeline, string? baseline, string? unit)
    {
        var size = canvas.Size;
        var height = size.IsWide ? 250 : 190;
        var (plotTop, bottom) = (top + 4, top + height);
        var points = timeline.Points;
        var values = LinearScale.Around(points.SelectMany(p => new[] { p.Target, p.Candidate, p.Baseline ?? p.Target }), bottom, plotTop);
        var left = canvas.Left + Axes.LeftWidth(size, values, height);
        var labels = new List<(string Text, string Style, double Y)>
        {
            ("actual", "f-strong", values.At(points[^1].Target)),
            ("candidate", "f-cand-text", values.At(points[^1].Candidate)),
        };
        if (baseline is not null)
            labels.Add((TextWidth.Fit(baseline, size.Label, size.Width * 0.2), "f-base-text", values.At(points[^1].Baseline ?? points[^1].Target)));
        var right = canvas.Right - labels.Max(label => TextWidth.Of(label.Text, size.Label, bold: true)) - 8;
        var times = new TimeScale(points[0].From, points[^1].From, left, right);

        Axes.Left(canvas, values, left, right, height);
        Axes.Bottom(canvas, times, left, right, bottom);
        if (baseline is not null)
            canvas.Polyline(points.Select(p => (times.At(p.From), p.Baseline is { } b ? values.At(b) : double.NaN)), "f-base-line");
        canvas.Polyline(points.Select(p => (times.At(p.From), values.At(p.Candidate))), "f-cand");
        canvas.Polyline(points.Select(p => (times.At(p.From), values.At(p.Target))), "f-true");
        Tips(canvas, points, times, plotTop, bottom, baseline, unit);
        foreach (var (label, y) in Labels.Spread(labels, label => label.Y, size.Label + 3, plotTop + 6, bottom - 4))
            canvas.Text(right + 7, y + size.Label * 0.35, label.Text, size.Label, label.Style);
        return bottom + Axes.BottomHeight(size, label: false);
    }

    // Invisible columns that carry the numbers for whoever points at them.
    private static void Tips(SvgCanvas canvas, IReadOnlyList<TimelinePoint> points, TimeScale times, double top, double bottom, string? baseline, string? unit)
    {
        for (var index = 0; index < points.Count; index++)
        {
            var here = times.At(points[index].From);
            var from = index == 0 ? here : (here + times.At(points[index - 1].From)) / 2;
            var to = index == points.Count - 1 ? here : (here + times.At(points[index + 1].From)) / 2;
            var point = points[index];
            canvas.Rectangle(from, top, to - from, bottom - top, "f-hit", $"from {point.From:yyyy-MM-dd}: actual {Say(point.Target)}, candidate {Say(point.Candidate)}"
                + (baseline is not null && point.Baseline is { } other ? $", {baseline} {Say(other)}" : ""));
        }

        string Say(double value) => Numbers.WithUnit(Numbers.Text(value), unit);
    }
}
