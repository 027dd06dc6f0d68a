using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Predicted against actual values, counted in squares; candidate and baseline side by side on the same axes and shades.</summary>
internal static class ActualFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Actual is not { } actual || actual.Candidate.Sum() == 0)
            return null;
        var unit = PlainText.Clean(report.Unit);
        var baseline = report.Baseline is null || actual.Baseline is null ? null : PlainText.Clean(report.BaselineLabel);
        var fit = report.Metrics.FirstOrDefault(metric => metric.Name == MetricNames.R2);
        var title = $"Predicted against actual {PlainText.Clean(report.Target ?? "values", 60)}"
            + (fit is null ? "" : $": R² {fit.Candidate.Text}{(baseline is not null && fit.Baseline is { } other ? $"; {baseline} {other.Text}" : "")}");
        var beyond = actual.CandidateBeyond + actual.BaselineBeyond > 0
            ? $"; {Numbers.Count(actual.CandidateBeyond)}{(baseline is null ? "" : $" and {Numbers.Count(actual.BaselineBeyond)}")} beyond the axes"
            : "";
        var explanation = $"Stronger squares hold more rows; on the dashed line the prediction is right{beyond}";
        var alt = $"{title}. {DataWords.Rows(report)}, counted in squares of {Numbers.WithUnit(Numbers.Round(actual.Width), unit)}{beyond}.";
        return new FigureDrawing("actual", title, explanation, alt, (canvas, top) => Draw(canvas, top, actual, baseline, unit));
    }

    private static double Draw(SvgCanvas canvas, double top, ReportActual actual, string? baseline, string unit)
    {
        var size = canvas.Size;
        var high = actual.Low + (actual.Width * actual.Bins);
        var most = Math.Max(actual.Candidate.Max(), actual.Baseline?.Max() ?? 0);
        List<(string Name, IReadOnlyList<int> Counts, bool Candidate)> panels = [("candidate", actual.Candidate, true)];
        if (baseline is not null)
            panels.Add((baseline, actual.Baseline!, false));
        var bottom = Panels.Draw(canvas, top, panels, panels.Count, (panel, left, right, y) =>
        {
            canvas.Text(left, y + size.Label, TextWidth.Fit(panel.Name, size.Label, right - left, bold: panel.Candidate), size.Label, panel.Candidate ? "f-cand-text" : "f-base-text");
            y += size.Label + 8;
            var side = Math.Min(right - left - 30, size.IsWide ? 320 : 300);
            var values = new LinearScale(actual.Low, high, y + side, y);
            var start = left + Axes.LeftWidth(size, values, side);
            var across = new LinearScale(actual.Low, high, start, Math.Min(right, start + (side * 1.15)));
            Axes.Left(canvas, values, start, across.At(high), side);
            Axes.Bottom(canvas, across, start, across.At(high), y, y + side, null);
            Squares(canvas, actual, panel.Counts, panel.Candidate, most, across, values, unit);
            canvas.Line(across.At(actual.Low), values.At(actual.Low), across.At(high), values.At(high), "f-true");
            return y + side + Axes.BottomHeight(size, label: false);
        });
        var inUnit = unit.Length == 0 ? "" : $", {unit}";
        canvas.Text(canvas.Left, bottom + size.Tick + 3, TextWidth.Fit($"across: actual{inUnit} · upwards: predicted{inUnit}", size.Tick, canvas.Right - canvas.Left), size.Tick, "f-mute");
        return bottom + size.Tick + 6;
    }

    private static void Squares(SvgCanvas canvas, ReportActual actual, IReadOnlyList<int> counts, bool candidate, int most, LinearScale across, LinearScale values, string unit)
    {
        var width = across.At(actual.Low + actual.Width) - across.At(actual.Low);
        var height = values.At(actual.Low) - values.At(actual.Low + actual.Width);
        for (var cell = 0; cell < counts.Count; cell++)
        {
            if (counts[cell] == 0)
                continue;
            // By the logarithm: a crowd in the middle would leave all else blank.
            var shade = most <= 1 ? 10 : 1 + (int)Math.Round(9 * Math.Log(counts[cell]) / Math.Log(most));
            var (from, said) = (actual.Low + (actual.Width * (cell / actual.Bins)), actual.Low + (actual.Width * (cell % actual.Bins)));
            canvas.Rectangle(across.At(from), values.At(said + actual.Width), width, height, $"{(candidate ? "f-sq" : "f-sq-base")} f-h{Math.Clamp(shade, 1, 10)}", canvas.HasTips
                ? $"actual {Numbers.Round(from)} to {Numbers.WithUnit(Numbers.Round(from + actual.Width), unit)}, predicted {Numbers.Round(said)} to {Numbers.WithUnit(Numbers.Round(said + actual.Width), unit)}: {Numbers.Count(counts[cell], "row")}"
                : null);
        }
    }
}
