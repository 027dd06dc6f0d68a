using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The deciding metric over the commits that measured it, evenly spaced; the candidate is the last, filled dot.</summary>
internal static class HistoryFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.History is not { Points.Count: >= 2 } history)
            return null;
        var (metric, unit) = (MetricName.Of(history.Metric), PlainText.Clean(history.Unit));
        var (now, earlier) = (history.Points[^1], history.Points.Take(history.Points.Count - 1).Where(point => !point.OtherData).ToList());
        var best = history.Direction == "higher" ? earlier.MaxBy(point => point.Value) : earlier.MinBy(point => point.Value);
        var title = $"{metric} over {Numbers.Count(history.Points.Count, "measurement")}: now {Say(now, unit)}"
            + (best is null || history.Direction is null ? "" : $"; best before {Say(best, unit)}{(best.Commit is null ? "" : $" at {ShortOf(best.Commit)}")}");
        var other = history.Points.Count(point => point.OtherData);
        var explanation = "Oldest first; the filled dot is the candidate" + (other > 0 ? $"; diamonds: measured on other data ({other})" : "")
            + (history.Points.Any(point => point.Low is not null) ? "; lines are intervals" : "");
        var words = history.Points.TakeLast(12).Select(point => $"{(point.Commit is null ? "now" : ShortOf(point.Commit))}{(point.Version is null ? "" : $" ({PlainText.Clean(point.Version, 40)})")} {Say(point, unit)}");
        return new FigureDrawing("history", title, explanation, $"{title}. {string.Join("; ", words)}.", (canvas, top) => Draw(canvas, top, history, metric, unit)) { Group = FigureGroup.History };
    }

    private static double Draw(SvgCanvas canvas, double top, ReportHistory history, string metric, string unit)
    {
        var size = canvas.Size;
        var points = history.Points;
        var height = size.IsWide ? 230 : 180;
        canvas.Text(canvas.Left, top + size.Tick, TextWidth.Fit(unit.Length == 0 ? metric : $"{metric}, {unit}", size.Tick, canvas.Right - canvas.Left), size.Tick, "f-mute");
        var (plotTop, bottom) = (top + size.Tick + 9, top + size.Tick + 9 + height);
        var values = LinearScale.Around(points.SelectMany(point => new[] { point.Value, point.Low ?? point.Value, point.High ?? point.Value }), bottom, plotTop);
        var left = canvas.Left + Axes.LeftWidth(size, values, height);
        var label = Numbers.Text(points[^1].Value, points[^1].Low, points[^1].High);
        var right = canvas.Right - TextWidth.Of(label, size.Label, bold: true) - 14;
        var step = (right - left - 16) / Math.Max(1, points.Count - 1);
        Axes.Left(canvas, values, left, right, height);
        canvas.Line(left, bottom, right, bottom, "f-axis");
        canvas.Line(left, values.At(points[^1].Value), right, values.At(points[^1].Value), "f-cand-dash");
        canvas.Polyline(points.Select((point, i) => (At(i), values.At(point.Value))), "f-base-line");
        for (var i = 0; i < points.Count; i++)
            Mark(canvas, points[i], At(i), values, i == points.Count - 1, TipOf(points[i], unit));
        canvas.Text(right + 10, values.At(points[^1].Value) + (size.Label * 0.35), label, size.Label, "f-cand-text");
        Under(canvas, points, At, bottom);
        return bottom + (2 * size.Tick) + 14;

        double At(int index) => left + 8 + (step * index);
    }

    private static void Mark(SvgCanvas canvas, HistoryPoint point, double x, LinearScale values, bool now, string tip)
    {
        if (point is { Low: { } low, High: { } high })
            canvas.Line(x, values.Within(low), x, values.Within(high), now ? "f-cand" : "f-base");
        if (point.OtherData)
            canvas.Diamond(x, values.At(point.Value), 4.2, "f-base-mark", tip);
        else
            canvas.Dot(x, values.At(point.Value), now ? 4.6 : 3.2, now ? "f-cand-mark" : "f-base-mark", tip);
    }

    // Commit and day of the ends and of versions, as many as have room.
    private static void Under(SvgCanvas canvas, IReadOnlyList<HistoryPoint> points, Func<int, double> at, double bottom)
    {
        var size = canvas.Size;
        var taken = new List<(double Left, double Right)>();
        var order = new[] { points.Count - 1, 0 }.Concat(Enumerable.Range(1, Math.Max(0, points.Count - 2)).OrderBy(i => points[i].Version is null ? 1 : 0).ThenByDescending(i => i));
        foreach (var index in order)
        {
            var point = points[index];
            var (upper, lower) = (point.Version is { } version ? TextWidth.Fit(PlainText.Clean(version), size.Tick, 90) : point.Commit is { } commit ? ShortOf(commit) : "now", point.At is { } when ? $"{when:yyyy-MM-dd}" : "");
            var width = Math.Max(TextWidth.Of(upper, size.Tick), TextWidth.Of(lower, size.Tick));
            var middle = Math.Clamp(at(index), canvas.Left + (width / 2), canvas.Right - (width / 2));
            if (taken.Exists(other => middle - (width / 2) < other.Right + 10 && middle + (width / 2) > other.Left - 10))
                continue;
            taken.Add((middle - (width / 2), middle + (width / 2)));
            canvas.Line(at(index), bottom, at(index), bottom + 4, "f-axis");
            canvas.Text(middle, bottom + size.Tick + 5, upper, size.Tick, index == points.Count - 1 ? "f-text" : "f-mute", Anchor.Middle);
            canvas.Text(middle, bottom + (2 * size.Tick) + 8, lower, size.Tick, "f-mute", Anchor.Middle);
        }
    }

    private static string TipOf(HistoryPoint point, string unit) =>
        $"{(point.Commit is null ? "now" : ShortOf(point.Commit))}{(point.At is { } at ? $", {at:yyyy-MM-dd}" : "")}{(point.Version is { } version ? $", {PlainText.Clean(version)}" : "")}: {Say(point, unit)}{(point.OtherData ? ", on other data" : "")}";

    private static string Say(HistoryPoint point, string unit) => Numbers.WithUnit(Numbers.Text(point.Value, point.Low, point.High), unit);

    private static string ShortOf(string commit) => PlainText.Clean(commit.Length > 7 ? commit[..7] : commit);
}
