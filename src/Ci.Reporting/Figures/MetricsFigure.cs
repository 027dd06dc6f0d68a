using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Forest plot of the metrics: candidate over baseline, each with its interval; one axis for what shares unit and magnitude.</summary>
internal static class MetricsFigure
{
    private const int MostMetrics = 8;

    public static FigureDrawing? Of(Report report)
    {
        var metrics = report.Metrics.Where(metric => double.IsFinite(metric.Candidate.Value)).Take(MostMetrics).ToList();
        if (metrics.Count == 0)
            return null;
        var label = report.Baseline is null || metrics.All(metric => metric.Baseline is null) ? null : PlainText.Clean(report.BaselineLabel);
        var level = metrics.FirstOrDefault(metric => metric.Candidate.Level is not null)?.Candidate.Level;
        var title = Title(report, label);
        var explanation = level is { } share ? $"Lines are {Numbers.Level(share)} intervals, on {DataWords.Rows(report)}" : $"On {DataWords.Rows(report)}";
        var words = metrics.Select(metric => Words(metric, label));
        return new FigureDrawing("metrics", title, explanation, $"{title}. {string.Join("; ", words)}.", (canvas, top) =>
        {
            var y = Header.Key(canvas, top, label) + 2;
            var panels = Panels(metrics);
            var left = canvas.Left + Math.Min(canvas.Size.Width * 0.3, metrics.Max(m => TextWidth.Of(MetricName.Of(m.Name), canvas.Size.Label, bold: true))) + 14;
            var right = canvas.Right - metrics.Max(m => Math.Max(TextWidth.Of(m.Candidate.Text, canvas.Size.Label, bold: true), TextWidth.Of(m.Baseline?.Text ?? "", canvas.Size.Label))) - 12;
            foreach (var panel in panels)
                y = DrawPanel(canvas, panel, left, right, y, label) + 12;
            return y - 8;
        })
        {
            Group = FigureGroup.Metrics,
        };
    }

    private static string Title(Report report, string? label) => Headline.DecidingGate(report) switch
    {
        _ when label is null => "The candidate's metrics",
        { Slice: null, Change: { } change } gate => $"{MetricName.Of(gate.Metric)}: {change.Words} {(change.IsMeasurable ? "than" : "from")} {label}",
        _ => $"The candidate against {label}",
    };

    private static string Words(ReportMetric metric, string? baseline) =>
        $"{MetricName.Of(metric.Name)} {Numbers.WithUnit(metric.Candidate.Text, metric.Unit)}"
        + (metric.Candidate.Interval is { } interval ? $" (interval {interval})" : "")
        + (metric.Baseline is { } other && baseline is not null ? $", {baseline} {Numbers.WithUnit(other.Text, metric.Unit)}" : "");

    /// <summary>Metrics of one unit share an axis as long as none is dwarfed by another.</summary>
    private static List<List<ReportMetric>> Panels(IReadOnlyList<ReportMetric> metrics)
    {
        var panels = new List<List<ReportMetric>>();
        foreach (var metric in metrics)
        {
            var home = panels.FirstOrDefault(panel => panel[0].Unit == metric.Unit && Math.Min(Size(panel[0]), Size(metric)) > 0.33 * Math.Max(Size(panel[0]), Size(metric)));
            if (home is null)
                panels.Add([metric]);
            else
                home.Add(metric);
        }

        return panels;
    }

    private static double Size(ReportMetric metric) => Math.Max(Math.Abs(metric.Candidate.Value), Math.Abs(metric.Baseline?.Value ?? 0));

    private static double DrawPanel(SvgCanvas canvas, List<ReportMetric> panel, double left, double right, double top, string? baseline)
    {
        var size = canvas.Size;
        var row = (panel.Any(metric => metric.Baseline is not null) ? 2.75 : 1.9) * size.Label;
        var bottom = top + row * panel.Count;
        var values = panel.SelectMany(m => new[] { m.Candidate, m.Baseline }).OfType<Measurement>().SelectMany(m => new[] { m.Value, m.Low ?? m.Value, m.High ?? m.Value });
        var scale = LinearScale.Around(values, left, right, room: 0.08);
        var unit = PlainText.Clean(panel[0].Unit);
        Axes.Bottom(canvas, scale, left, right, top, bottom, unit.Length == 0 ? null : unit);
        for (var index = 0; index < panel.Count; index++)
            DrawRow(canvas, scale, panel[index], top + row * (index + 0.5), baseline);
        return bottom + Axes.BottomHeight(size, unit.Length > 0);
    }

    private static void DrawRow(SvgCanvas canvas, LinearScale scale, ReportMetric metric, double middle, string? baseline)
    {
        var (size, shift) = (canvas.Size, metric.Baseline is null ? 0 : canvas.Size.Label * 0.6);
        var name = MetricName.Of(metric.Name);
        canvas.Text(canvas.Left, middle + size.Label * 0.35, TextWidth.Fit(name, size.Label, size.Width * 0.3, bold: true), size.Label, "f-strong");
        var (candidate, other) = (metric.Candidate, metric.Baseline);
        IntervalMark.Candidate(canvas, scale, middle - shift, candidate.Value, candidate.Low ?? double.NaN, candidate.High ?? double.NaN, open: false, Tip("candidate", metric, candidate));
        canvas.Text(canvas.Right, middle - shift + size.Label * 0.35, candidate.Text, size.Label, "f-cand-text", Anchor.End);
        if (other is null)
            return;
        IntervalMark.Baseline(canvas, scale, middle + shift, other.Value, other.Low ?? double.NaN, other.High ?? double.NaN, Tip(baseline ?? "baseline", metric, other));
        canvas.Text(canvas.Right, middle + shift + size.Label * 0.35, other.Text, size.Label, "f-base-text", Anchor.End);
    }

    private static string Tip(string who, ReportMetric metric, Measurement value) =>
        $"{who}: {MetricName.Of(metric.Name)} {Numbers.WithUnit(value.Text, metric.Unit)}" + (value.Interval is { } interval ? $" ({interval})" : "");
}
