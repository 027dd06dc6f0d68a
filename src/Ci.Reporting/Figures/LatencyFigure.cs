using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>How long calls took, as a quantile dot plot: every dot stands for the same share of calls, so that shares can be counted.</summary>
internal static class LatencyFigure
{
    private const int Columns = 40;
    private const double TallestStack = 110;
    private const double LeastRadius = 2.2;

    public static FigureDrawing? Of(Report report)
    {
        if (report.Latency is not { QuantilesMs: { Count: >= 2 } quantiles } latency)
            return null;
        var other = report.Baseline is not null ? latency.Baseline : null;
        var baseline = other?.QuantilesMs is { Count: >= 2 } ? PlainText.Clean(report.BaselineLabel) : null;
        var title = $"Half of the calls take at most {Ms(latency.P50Ms)}, 95 % at most {Ms(latency.P95Ms)}"
            + (baseline is null ? "" : $"; {baseline} {Ms(other!.P50Ms)} and {Ms(other.P95Ms)}");
        var explanation = $"Heights are shares of {Numbers.Count(latency.Runs, "call")} of {Numbers.Count(latency.Batch, "row")}"
            + (string.IsNullOrEmpty(latency.Machine) ? "" : $", on {PlainText.Clean(latency.Machine, 120)}");
        var alt = $"{title}. {(latency.P99Ms is { } p99 ? $"99 % take at most {Ms(p99)}. " : "")}{explanation}.";
        return new FigureDrawing("latency", title, explanation, alt, (canvas, top) => Draw(canvas, top, latency, baseline)) { Group = FigureGroup.Latency };
    }

    private static double Draw(SvgCanvas canvas, double top, ReportLatency latency, string? baseline)
    {
        var other = baseline is null ? null : latency.Baseline!;
        var all = latency.QuantilesMs!.Concat(other?.QuantilesMs ?? []).ToList();
        // One slow call in fifty must not squeeze all others into one column.
        var (low, high) = (all.Min(), Math.Min(all.Max(), Math.Max(latency.P95Ms, other?.P95Ms ?? 0) * 1.6));
        var scale = LinearScale.Around([low, Math.Max(high, low)], canvas.Left + 4, canvas.Right - 4, room: 0.04);
        var bottom = Row(canvas, top, scale, "candidate", latency.QuantilesMs!, latency.P50Ms, latency.P95Ms, latency.P99Ms, candidate: true, (low, high));
        if (other is not null)
            bottom = Row(canvas, bottom + 8, scale, baseline!, other.QuantilesMs!, other.P50Ms, other.P95Ms, other.P99Ms, candidate: false, (low, high));
        // The axis in the unit of its words; positions are the same.
        var factor = InMicroseconds(latency.P95Ms) ? 1_000 : 1;
        Axes.Bottom(canvas, LinearScale.Around([low * factor, Math.Max(high, low) * factor], canvas.Left + 4, canvas.Right - 4, room: 0.04), canvas.Left + 4, canvas.Right - 4, bottom, bottom, $"{(factor > 1 ? "microseconds" : "milliseconds")} a call");
        return bottom + Axes.BottomHeight(canvas.Size, label: true);
    }

    private static double Row(SvgCanvas canvas, double top, LinearScale scale, string name, IReadOnlyList<double> quantiles, double p50, double p95, double? p99, bool candidate, (double Low, double High) span)
    {
        var size = canvas.Size;
        canvas.Text(canvas.Left, top + size.Label, TextWidth.Fit(name, size.Label, size.Width * 0.6, bold: true), size.Label, candidate ? "f-cand-text" : "f-base-text");
        var column = (canvas.Right - canvas.Left - 8) / Columns;
        var stacks = quantiles.GroupBy(value => Math.Min(Columns - 1, (int)((scale.Within(Math.Min(value, span.High)) - canvas.Left - 4) / column))).ToDictionary(group => group.Key, group => group.ToList());
        var tallest = Math.Max(6, stacks.Values.Max(stack => stack.Count));
        var radius = Math.Min(column * 0.42, TallestStack / (tallest * 2.1));
        var bottom = top + size.Label + (3 * size.Tick) + 18 + (tallest * radius * 2.1);
        foreach (var (index, stack) in stacks.OrderBy(pair => pair.Key))
            Stack(canvas, canvas.Left + 4 + (column * index), column, bottom, radius, stack, candidate);
        Percentiles(canvas, scale, top + size.Label + 8, bottom, [("p50", p50), ("p95", p95), .. p99 is { } far ? [("p99", far)] : Array.Empty<(string, double)>()], span.High, candidate);
        canvas.Line(canvas.Left, bottom, canvas.Right, bottom, "f-axis");
        return bottom;
    }

    // Dots while they can be counted; beyond that a bar as high as they would be.
    private static void Stack(SvgCanvas canvas, double left, double column, double bottom, double radius, IReadOnlyList<double> stack, bool candidate)
    {
        if (radius < LeastRadius)
        {
            var height = stack.Count * radius * 2.1;
            canvas.Rectangle(left + 0.6, bottom - height, column - 1.2, height, candidate ? "f-bar" : "f-base", $"{stack.Count} dots: {Ms(stack[0])} to {Ms(stack[^1])}");
            return;
        }

        for (var i = 0; i < stack.Count; i++)
        {
            var (x, y) = (left + (column / 2), bottom - (radius * ((2.1 * i) + 1.3)));
            if (candidate)
                canvas.Dot(x, y, radius, "f-bar", Ms(stack[i]));
            else
                canvas.Diamond(x, y, radius, "f-base", Ms(stack[i]));
        }
    }

    // Each text stands beside its own line, on a step of a stair that no other line crosses: left of it where there is room, else right.
    private static void Percentiles(SvgCanvas canvas, LinearScale scale, double top, double bottom, IReadOnlyList<(string Name, double Value)> marks, double most, bool candidate)
    {
        var size = canvas.Size;
        var leftwards = scale.Within(Math.Min(marks[0].Value, most)) - Width(marks[0]) - 6 >= canvas.Left;
        for (var index = 0; index < marks.Count; index++)
        {
            var (step, x) = (leftwards ? marks.Count - 1 - index : index, scale.Within(Math.Min(marks[index].Value, most)));
            var y = top + ((size.Tick + 2) * (step + 1));
            var beyond = marks[index].Value > most;
            if (!beyond)
                canvas.Line(x, y - size.Tick + 2, x, bottom, candidate ? "f-zero" : "f-true");
            var start = Math.Clamp(leftwards ? x - Width(marks[index]) - 4 : x + 4, canvas.Left, canvas.Right - Width(marks[index]));
            canvas.Text(start, y, Text(marks[index], beyond), size.Tick, candidate ? "f-text" : "f-mute");
        }

        double Width((string Name, double Value) mark) => TextWidth.Of(Text(mark, mark.Value > most), size.Tick);
    }

    private static string Text((string Name, double Value) mark, bool beyond) => $"{mark.Name} {Ms(mark.Value)}{(beyond ? " →" : "")}";

    // Small models answer in microseconds, of which tenths were measured.
    private static bool InMicroseconds(double milliseconds) => milliseconds < 0.1;

    private static string Ms(double value) => InMicroseconds(value) ? $"{Numbers.Fixed(value * 1000, 1)} µs" : $"{Numbers.Short(value)} ms";
}
