using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>How long calls took, as a quantile dot plot: every dot stands for the same share of calls, so that shares can be counted.</summary>
internal static class LatencyFigure
{
    private const int Columns = 40;

    public static FigureDrawing? Of(Report report)
    {
        if (report.Latency is not { QuantilesMs: { Count: >= 2 } quantiles } latency)
            return null;
        var other = report.Baseline is not null ? latency.Baseline : null;
        var baseline = other?.QuantilesMs is { Count: >= 2 } ? PlainText.Clean(report.BaselineLabel) : null;
        var title = $"Half of the calls take at most {Ms(latency.P50Ms)}, 95 % at most {Ms(latency.P95Ms)}"
            + (baseline is null ? "" : $"; {baseline} {Ms(other!.P50Ms)} and {Ms(other.P95Ms)}");
        var explanation = $"A dot is {Numbers.Round(100.0 / quantiles.Count)} % of {Numbers.Count(latency.Runs, "call")} of {Numbers.Count(latency.Batch, "row")}"
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
        Axes.Bottom(canvas, scale, canvas.Left + 4, canvas.Right - 4, bottom, bottom, "milliseconds a call");
        return bottom + Axes.BottomHeight(canvas.Size, label: true);
    }

    private static double Row(SvgCanvas canvas, double top, LinearScale scale, string name, IReadOnlyList<double> quantiles, double p50, double p95, double? p99, bool candidate, (double Low, double High) span)
    {
        var size = canvas.Size;
        canvas.Text(canvas.Left, top + size.Label, TextWidth.Fit(name, size.Label, size.Width * 0.6, bold: true), size.Label, candidate ? "f-cand-text" : "f-base-text");
        var column = (canvas.Right - canvas.Left - 8) / Columns;
        var radius = column * 0.42;
        var stacks = quantiles.GroupBy(value => Math.Min(Columns - 1, (int)((scale.Within(Math.Min(value, span.High)) - canvas.Left - 4) / column))).ToDictionary(group => group.Key, group => group.ToList());
        var tallest = Math.Max(6, stacks.Values.Max(stack => stack.Count));
        var bottom = top + size.Label + (2 * size.Tick) + 14 + (tallest * radius * 2.1);
        foreach (var (index, stack) in stacks.OrderBy(pair => pair.Key))
        {
            for (var i = 0; i < stack.Count; i++)
            {
                var (x, y) = (canvas.Left + 4 + (column * (index + 0.5)), bottom - (radius * ((2.1 * i) + 1.3)));
                if (candidate)
                    canvas.Dot(x, y, radius, "f-cand-area", Ms(stack[i]));
                else
                    canvas.Diamond(x, y, radius, "f-base", Ms(stack[i]));
            }
        }

        Percentiles(canvas, scale, top + size.Label + 8, bottom, [("p50", p50), ("p95", p95), .. p99 is { } far ? [("p99", far)] : Array.Empty<(string, double)>()], span.High, candidate);
        canvas.Line(canvas.Left, bottom, canvas.Right, bottom, "f-axis");
        return bottom;
    }

    private static void Percentiles(SvgCanvas canvas, LinearScale scale, double top, double bottom, IReadOnlyList<(string Name, double Value)> marks, double most, bool candidate)
    {
        var size = canvas.Size;
        double[] ends = [double.NegativeInfinity, double.NegativeInfinity];
        foreach (var (name, value) in marks)
        {
            var beyond = value > most;
            var text = $"{name} {Ms(value)}{(beyond ? " →" : "")}";
            var width = TextWidth.Of(text, size.Tick);
            var x = scale.Within(Math.Min(value, most));
            var start = Math.Clamp(x - (width / 2), canvas.Left, canvas.Right - width);
            // Two lines of words: neighbours stand one above the other.
            var line = start > ends[1] + 8 ? 1 : 0;
            if (start <= ends[line] + 8)
                start = Math.Min(ends[line] + 8, canvas.Right - width);
            ends[line] = start + width;
            if (!beyond)
                canvas.Line(x, top + (size.Tick * (line + 1)) + 3, x, bottom, candidate ? "f-zero" : "f-true");
            canvas.Text(start, top + (size.Tick * (line + 1)), text, size.Tick, candidate ? "f-text" : "f-mute");
        }
    }

    private static string Ms(double value) => $"{Numbers.Short(value)} ms";
}
