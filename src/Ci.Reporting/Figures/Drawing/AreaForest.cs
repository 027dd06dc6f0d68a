using Ci.Evaluation;

namespace Ci.Reporting.Drawing;

/// <summary>Rows of numbers with their intervals on one axis, the baseline's beneath the candidate's.</summary>
internal static class AreaForest
{
    /// <summary>Draws the rows; returns where they ended.</summary>
    public static double Draw(SvgCanvas canvas, double top, IReadOnlyList<(string Name, CurveArea Candidate, CurveArea? Baseline)> rows, string label, string? baseline)
    {
        var size = canvas.Size;
        var names = Math.Min(size.Width * 0.34, rows.Max(row => TextWidth.Of(row.Name, size.Label, bold: true)));
        var values = rows.SelectMany(row => new[] { row.Candidate, row.Baseline }).OfType<CurveArea>().ToList();
        var left = canvas.Left + names + 12;
        var right = canvas.Right - values.Max(value => TextWidth.Of(Text(value), size.Label, bold: true)) - 12;
        var scale = LinearScale.Around(values.SelectMany(value => new[] { value.Value, value.Low ?? value.Value, value.High ?? value.Value }), left, right, room: 0.08);
        var row = (rows.Any(r => r.Baseline is not null) ? 2.75 : 1.8) * size.Label;
        var bottom = top + (row * rows.Count);
        Axes.Bottom(canvas, scale, left, right, top, bottom, label);
        for (var index = 0; index < rows.Count; index++)
        {
            var (name, candidate, other) = rows[index];
            var middle = top + (row * (index + 0.5));
            var shift = other is null ? 0 : size.Label * 0.62;
            canvas.Text(canvas.Left, middle + (size.Label * 0.35), TextWidth.Fit(name, size.Label, names, bold: index == 0), size.Label, index == 0 ? "f-strong" : "f-text");
            IntervalMark.Candidate(canvas, scale, middle - shift, candidate.Value, candidate.Low ?? double.NaN, candidate.High ?? double.NaN, open: false, $"{name}: candidate {Words(candidate)}");
            canvas.Text(canvas.Right, middle - shift + (size.Label * 0.35), Text(candidate), size.Label, "f-cand-text", Anchor.End);
            if (other is null)
                continue;
            IntervalMark.Baseline(canvas, scale, middle + shift, other.Value, other.Low ?? double.NaN, other.High ?? double.NaN, $"{name}: {baseline} {Words(other)}");
            canvas.Text(canvas.Right, middle + shift + (size.Label * 0.35), Text(other), size.Label, "f-base-text", Anchor.End);
        }

        return bottom + Axes.BottomHeight(size, label: true);
    }

    /// <summary>The number with the digits that its interval supports.</summary>
    public static string Text(CurveArea area) => Numbers.Text(area.Value, area.Low, area.High);

    /// <summary>"0.942 (0.931 to 0.951)".</summary>
    public static string Words(CurveArea area)
    {
        var decimals = Numbers.Decimals(area.Value, area.Low, area.High);
        return area is { Low: { } low, High: { } high } ? $"{Text(area)} ({Numbers.Fixed(low, decimals)} to {Numbers.Fixed(high, decimals)})" : Text(area);
    }
}
