using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Forest plot of the slices: the metric's change against the baseline in each, with its interval and a line at no change.</summary>
internal static class SlicesFigure
{
    private const int MostSlices = 24;

    public static FigureDrawing? Of(Report report)
    {
        if (report.Slices is not { } slices)
            return null;
        var known = slices.Rows.Where(slice => slice.Difference is { } d && double.IsFinite(d.Value)).ToList();
        if (known.Count < 2)
            return null;
        var metric = MetricName.Of(slices.Metric);
        var lower = slices.Direction == "lower";
        var (better, worse) = (known.Count(s => ChangeOf(s, slices).IsBetter), known.Count(s => ChangeOf(s, slices).IsWorse));
        var title = worse > 0
            ? $"{metric} is worse in {worse} of {known.Count} slices, better in {better}"
            : better == 0 ? $"{metric} differs measurably in none of {known.Count} slices" : $"{metric} is better in {better} of {known.Count} slices, worse in none";
        var shown = known.Count <= MostSlices ? known : [.. known.OrderBy(s => s.Difference!.Value * (lower ? -1 : 1)).Take(MostSlices)];
        var explanation = $"Candidate minus {PlainText.Clean(report.BaselineLabel)}; hollow where the interval includes 0"
            + (shown.Count < known.Count ? $"; the {shown.Count} least favourable of {known.Count}" : "");
        var words = shown.Select(s => $"{PlainText.Clean(s.Name)} {ChangeOf(s, slices).Words}");
        return new FigureDrawing("slices", title, explanation, $"{title}. {string.Join("; ", words)}.", (canvas, top) => Draw(canvas, top, slices, shown, metric)) { Group = FigureGroup.Slices };
    }

    internal static Change ChangeOf(ReportSlice slice, ReportSlices slices) =>
        new(slice.Difference!.Value, slice.Difference.Low, slice.Difference.High, slices.Unit, slices.Direction == "lower");

    private static double Draw(SvgCanvas canvas, double top, ReportSlices slices, IReadOnlyList<ReportSlice> shown, string metric)
    {
        var size = canvas.Size;
        var rows = slices.Whole?.Difference is null ? shown : [slices.Whole, .. shown];
        var names = rows.Select(slice => PlainText.Clean(slice.Name)).ToList();
        var counts = rows.Select(slice => Numbers.Count(slice.Rows)).ToList();
        var nameWidth = Math.Min(size.Width * 0.36, names.Max(name => TextWidth.Of(name, size.Label, bold: true)));
        var left = canvas.Left + nameWidth + 12;
        var right = canvas.Right - rows.Max(s => TextWidth.Of(ValueOf(s, slices), size.Label, bold: true)) - 10;
        var row = size.Label * 1.75;
        var plotTop = top + size.Label + 10;
        var bottom = plotTop + row * rows.Count + 3;
        var scale = LinearScale.Around(rows.SelectMany(s => new[] { s.Difference!.Value, s.Difference.Low ?? s.Difference.Value, s.Difference.High ?? s.Difference.Value, 0 }), left, right, room: 0.08);
        Axes.Bottom(canvas, scale, left, right, plotTop, bottom, Numbers.WithUnit($"change of {metric},", slices.Unit ?? "no unit"));
        Sides(canvas, scale.At(0), left, right, top + size.Label, slices.Direction == "lower");
        canvas.Line(scale.At(0), plotTop - 2, scale.At(0), bottom, "f-zero");
        for (var index = 0; index < rows.Count; index++)
        {
            var (slice, y) = (rows[index], plotTop + 3 + row * (index + 0.5));
            var change = ChangeOf(slice, slices);
            var whole = ReferenceEquals(slice, slices.Whole);
            canvas.Text(canvas.Left, y + size.Label * 0.35, TextWidth.Fit(names[index], size.Label, nameWidth, whole), size.Label, whole ? "f-strong" : "f-text");
            IntervalMark.Candidate(canvas, scale, y, change.Difference, change.Low ?? double.NaN, change.High ?? double.NaN, open: !change.IsMeasurable, $"{names[index]} ({counts[index]} rows): {change.Words}{(change.Range is { } range ? $" ({range})" : "")}");
            canvas.Text(canvas.Right, y + size.Label * 0.35, ValueOf(slice, slices), size.Label, change.IsMeasurable ? "f-cand-text" : "f-mute", Anchor.End);
        }

        return bottom + Axes.BottomHeight(size, label: true);
    }

    private static string ValueOf(ReportSlice slice, ReportSlices slices)
    {
        var change = ChangeOf(slice, slices);
        return Numbers.WithSign(change.Difference, change.Decimals);
    }

    // Said in words on both sides of the line, where there is room for them.
    private static void Sides(SvgCanvas canvas, double zero, double left, double right, double y, bool lowerIsBetter)
    {
        var (toLeft, toRight) = lowerIsBetter ? ("← better", "worse →") : ("← worse", "better →");
        var size = canvas.Size.Tick;
        if (zero - left > TextWidth.Of(toLeft, size) + 6)
            canvas.Text(zero - 6, y, toLeft, size, "f-mute", Anchor.End);
        if (right - zero > TextWidth.Of(toRight, size) + 6 || zero - left <= TextWidth.Of(toLeft, size) + 6)
            canvas.Text(zero + 6, y, toRight, size, "f-mute");
    }
}
