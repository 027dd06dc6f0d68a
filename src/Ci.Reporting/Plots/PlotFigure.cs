using System.Globalization;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Draws one plot of a pipeline's files: revisions over each other, each line with its name at its end.</summary>
internal static class PlotFigure
{
    // Readers' fonts may be wider than the one that widths are reckoned with; names at the edge would be cut.
    private const double Slack = 1.12;
    private const int MostDots = 3_000;
    private const int MostBars = 40;
    private const int MostClasses = 30;

    /// <summary>The drawing, or null with the reason when the points have no numbers to draw.</summary>
    public static FigureDrawing? Of(PlotCard card, string name, out string? reason)
    {
        reason = null;
        var title = PlainText.Clean(card.Title, 200);
        switch (card.Kind)
        {
            case PlotKind.Confusion:
                return Confusion(card, name, title, ref reason);
            case PlotKind.Bars:
                var bars = card.Curves.SelectMany(c => c.Points.Select(p => (c.Name, c.Revision, Label: p.Y, Value: Number(p.X)))).Where(b => b.Value is not null).Take(MostBars).Select(b => (b.Name, b.Revision, b.Label, b.Value!.Value)).ToList();
                if (bars.Count == 0)
                    reason = $"“{card.XLabel}” holds no numbers: there is nothing to draw.";
                return bars.Count == 0 ? null : new FigureDrawing(name, title, card.XLabel, $"{title}. {bars.Count} bars of {card.XLabel} by {card.YLabel}.", (canvas, top) => DrawBars(canvas, top, bars, card.Curves.Count > 1));
            default:
                return Curves(card, name, title, ref reason);
        }
    }

    private static FigureDrawing? Curves(PlotCard card, string name, string title, ref string? reason)
    {
        var curves = card.Curves.Select(c => (c.Name, c.Revision, Points: Numbers(c.Points))).Where(c => c.Points.Count > 0).ToList();
        if (curves.Count == 0)
        {
            reason = $"“{card.YLabel}” holds no numbers: there is nothing to draw a line through. For classes, the template “confusion” counts them.";
            return null;
        }

        var alt = $"{title}. {string.Join("; ", curves.Take(8).Select(c => $"{c.Name}: {c.Points.Count} points, last {card.YLabel} {Reporting.Numbers.Text(c.Points[^1].Y)}"))}.";
        return new FigureDrawing(name, title, card.YLabel, alt, (canvas, top) => Draw(canvas, top, card, curves));
    }

    private static double Draw(SvgCanvas canvas, double top, PlotCard card, List<(string Name, int Revision, List<(double X, double Y)> Points)> curves)
    {
        var size = canvas.Size;
        var height = size.IsWide ? 280 : 210;
        var (plotTop, bottom) = (top + 4, top + height);
        var values = LinearScale.Around(curves.SelectMany(c => c.Points.Select(p => p.Y)), bottom, plotTop);
        var left = canvas.Left + Axes.LeftWidth(size, values, height);
        var room = Math.Min(size.Width * (size.IsWide ? 0.26 : 0.3), curves.Max(c => TextWidth.Of(c.Name, size.Label, bold: true)) * Slack);
        var right = canvas.Right - room - 10;
        var across = LinearScale.Around(curves.SelectMany(c => c.Points.Select(p => p.X)), left, right, room: card.Kind == PlotKind.Scatter ? 0.03 : 0);
        Axes.Left(canvas, values, left, right, height);
        Axes.Bottom(canvas, across, left, right, plotTop, bottom, card.XLabel);
        // The newest is drawn last, above the others; lines of one revision differ by their dashes.
        var dashes = curves.GroupBy(c => c.Revision).SelectMany(g => g.Select((c, i) => (c.Name, Dash: i + (curves.Count > g.Count() ? g.Key : 0)))).ToDictionary(d => d.Name, d => d.Dash, StringComparer.Ordinal);
        foreach (var (name, revision, points) in curves.AsEnumerable().Reverse())
        {
            if (card.Kind != PlotKind.Scatter)
                canvas.Polyline(points.Select(p => (across.At(p.X), values.At(p.Y))), PlotStyle.Line(revision, dashes[name]));
            foreach (var (x, y) in Thinned(points, card.Kind == PlotKind.Scatter ? MostDots : 60))
                canvas.Dot(across.At(x), values.At(y), card.Kind == PlotKind.Scatter ? 2.6 : points.Count > 60 ? 0.1 : 2.4, PlotStyle.Mark(revision), $"{name}: {card.XLabel} {Reporting.Numbers.Round(x)}, {card.YLabel} {Reporting.Numbers.Text(y)}");
        }

        foreach (var (label, y) in Labels.Spread(curves, c => values.At(c.Points[^1].Y), size.Label + 3, plotTop + 6, bottom - 4))
            canvas.Text(right + 8, y + (size.Label * 0.35), TextWidth.Fit(label.Name, size.Label, room), size.Label, PlotStyle.Text(label.Revision));
        return bottom + Axes.BottomHeight(size, label: true);
    }

    private static double DrawBars(SvgCanvas canvas, double top, List<(string Name, int Revision, string Label, double Value)> bars, bool withNames)
    {
        var size = canvas.Size;
        var words = bars.Select(b => withNames ? $"{b.Label} · {b.Name}" : b.Label).ToList();
        var room = Math.Min(size.Width * 0.4, words.Max(w => TextWidth.Of(w, size.Label)) * Slack);
        var left = canvas.Left + room + 8;
        var row = size.Label + 9;
        var bottom = top + (row * bars.Count) + 4;
        var scale = LinearScale.Around(bars.Select(b => b.Value), left, canvas.Right - 44, zero: true);
        Axes.Bottom(canvas, scale, left, canvas.Right - 44, top, bottom, null);
        for (var i = 0; i < bars.Count; i++)
        {
            var y = top + (row * i) + 2;
            var (from, to) = (Math.Min(scale.At(0), scale.At(bars[i].Value)), Math.Max(scale.At(0), scale.At(bars[i].Value)));
            canvas.Text(left - 6, y + (row * 0.62), TextWidth.Fit(words[i], size.Label, room), size.Label, "f-text", Anchor.End);
            canvas.Rectangle(from, y, to - from, row - 5, PlotStyle.Mark(bars[i].Revision), $"{words[i]}: {Reporting.Numbers.Text(bars[i].Value)}");
            canvas.Text(to + 5, y + (row * 0.62), Reporting.Numbers.Short(bars[i].Value), size.Tick, "f-mute");
        }

        return bottom + Axes.BottomHeight(size, label: false);
    }

    private static FigureDrawing? Confusion(PlotCard card, string name, string title, ref string? reason)
    {
        var labels = card.Curves.SelectMany(c => c.Points).SelectMany(p => new[] { p.X, p.Y }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (labels.Count is 0 or > MostClasses)
        {
            reason = labels.Count == 0 ? "There are no rows to count." : $"There are {labels.Count} classes; up to {MostClasses} can be drawn.";
            return null;
        }

        var drawn = card.Curves.Select(c => (c.Name, Table: Counted(c, labels))).ToList();
        return new FigureDrawing(name, title, $"Rows: {card.XLabel}; columns: {card.YLabel}", $"{title}. {labels.Count} classes, {string.Join("; ", drawn.Select(d => $"{d.Name}: {d.Table.Counts.Sum()} rows"))}.", (canvas, top) =>
        {
            foreach (var (revision, table) in drawn)
            {
                if (drawn.Count > 1)
                    canvas.Text(canvas.Left, top += canvas.Size.Label + 8, revision, canvas.Size.Label, "f-strong");
                top = ConfusionFigure.Draw(canvas, top + 8, table);
            }

            return top;
        });
    }

    private static ReportConfusion Counted(PlotCurve curve, List<string> labels)
    {
        var counts = new int[labels.Count * labels.Count];
        foreach (var (actual, predicted) in curve.Points)
            counts[(labels.IndexOf(actual) * labels.Count) + labels.IndexOf(predicted)]++;
        return new ReportConfusion { Labels = labels, Counts = counts };
    }

    private static IEnumerable<(double X, double Y)> Thinned(List<(double X, double Y)> points, int most)
    {
        var step = Math.Max(1, (int)Math.Ceiling(points.Count / (double)most));
        return points.Where((_, i) => i % step == 0 || i == points.Count - 1);
    }

    // Horizontal values that are no numbers (names, dates) stand in their order.
    private static List<(double X, double Y)> Numbers(IReadOnlyList<(string X, string Y)> points)
    {
        var named = points.Any(p => Number(p.X) is null);
        return [.. points.Select((p, i) => (X: named ? i : Number(p.X)!.Value, Y: Number(p.Y))).Where(p => p.Y is not null).Select(p => (p.X, p.Y!.Value))];
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
