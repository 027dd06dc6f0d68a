using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>A bar per name; bars of several revisions stand together under one name, older ones hollow and named beside their number.</summary>
internal static class PlotBars
{
    private const double Slack = 1.12;
    private const int MostBars = 40;

    public static FigureDrawing? Of(PlotCard card, string name, string title, ref string? reason)
    {
        var all = card.Curves.SelectMany(c => c.Points.Select(p => new Bar(PlainText.Clean(c.Name, 120), c.Revision, PlainText.Clean(p.Y, 120), PlotFigure.Number(p.X) ?? double.NaN)))
            .Where(bar => double.IsFinite(bar.Value)).ToList();
        if (all.Count == 0)
        {
            reason = $"“{card.XLabel}” holds no numbers: there is nothing to draw.";
            return null;
        }

        // By name, in the order of the newest revision.
        var bars = all.GroupBy(bar => bar.Label, StringComparer.Ordinal).SelectMany(group => group.OrderBy(bar => bar.Revision)).Take(MostBars).ToList();
        var label = PlainText.Clean(card.XLabel, 120);
        var alt = $"{title}. {Numbers.Count(all.Count, "bar")} of {label} by {PlainText.Clean(card.YLabel, 120)}: {string.Join("; ", bars.Take(8).Select(bar => $"{bar.Label}{(card.Curves.Count > 1 ? $" ({bar.Name})" : "")} {Numbers.Short(bar.Value)}"))}.";
        return new FigureDrawing(name, title, all.Count > bars.Count ? $"{label}; {bars.Count} of {all.Count} bars" : label, alt, (canvas, top) => Draw(canvas, top, bars, card.Curves.Count > 1));
    }

    private static double Draw(SvgCanvas canvas, double top, IReadOnlyList<Bar> bars, bool withNames)
    {
        var size = canvas.Size;
        var room = Math.Min(size.Width * 0.4, bars.Max(bar => TextWidth.Of(bar.Label, size.Label)) * Slack);
        var values = bars.Select(bar => Numbers.Short(bar.Value) + (withNames ? " " + TextWidth.Fit(bar.Name, size.Tick, size.Width * 0.2) : "")).ToList();
        var left = canvas.Left + room + 8;
        var right = canvas.Right - values.Max(value => TextWidth.Of(value, size.Tick)) - 8;
        var row = size.Label + 9;
        var bottom = top + (row * bars.Count) + 4;
        var scale = LinearScale.Around(bars.Select(bar => bar.Value), left, right, zero: true);
        Axes.Bottom(canvas, scale, left, right, top, bottom, null);
        for (var i = 0; i < bars.Count; i++)
        {
            var y = top + (row * i) + 2;
            var (from, to) = (Math.Min(scale.At(0), scale.At(bars[i].Value)), Math.Max(scale.At(0), scale.At(bars[i].Value)));
            if (i == 0 || bars[i].Label != bars[i - 1].Label)
                canvas.Text(left - 6, y + (row * 0.62), TextWidth.Fit(bars[i].Label, size.Label, room), size.Label, "f-text", Anchor.End);
            canvas.Rectangle(from, y, to - from, row - 5, bars[i].Revision == 0 ? PlotStyle.Mark(0) : PlotStyle.Line(bars[i].Revision, 0), $"{bars[i].Label} ({bars[i].Name}): {Numbers.Text(bars[i].Value)}");
            canvas.Text(to + 5, y + (row * 0.62), values[i], size.Tick, "f-mute");
        }

        return bottom + Axes.BottomHeight(size, label: false);
    }

    private sealed record Bar(string Name, int Revision, string Label, double Value);
}
