using System.Globalization;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Draws one plot of a pipeline's files: revisions over each other, each line with its name at its end.</summary>
internal static class PlotFigure
{
    // Readers' fonts may be wider than the one that widths are reckoned with; names at the edge would be cut.
    private const double Slack = 1.12;
    private const int MostDots = 3_000;
    private const int MostLabels = 24;

    /// <summary>The drawing, or null with the reason when the points have no numbers to draw.</summary>
    public static FigureDrawing? Of(PlotCard card, string name, out string? reason)
    {
        reason = null;
        var title = PlainText.Clean(card.Title, 200);
        return card.Kind switch
        {
            PlotKind.Confusion or PlotKind.ConfusionShares => PlotConfusion.Of(card, name, title, ref reason),
            PlotKind.Bars => PlotBars.Of(card, name, title, ref reason),
            _ => Curves(card, name, title, ref reason),
        };
    }

    /// <summary>The number that a cell holds; null for names, and for what no axis can hold.</summary>
    internal static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && Math.Abs(value) < 1e300 ? value : null;

    private static FigureDrawing? Curves(PlotCard card, string name, string title, ref string? reason)
    {
        var curves = card.Curves.Select(c => new Line(PlainText.Clean(c.Name, 120), c.Revision, Numbers(c.Points))).Where(c => c.Points.Count > 0).ToList();
        if (curves.Count == 0)
        {
            reason = $"“{card.YLabel}” holds no numbers: there is nothing to draw a line through. For classes, the template “confusion” counts them.";
            return null;
        }

        var label = PlainText.Clean(card.YLabel, 120);
        var alt = $"{title}. {string.Join("; ", curves.Take(8).Select(c => $"{c.Name}: {Reporting.Numbers.Count(c.Points.Count, "point")}, last {label} {Reporting.Numbers.Text(c.Points[^1].Y)}"))}.";
        return new FigureDrawing(name, title, label, alt, (canvas, top) => Draw(canvas, top, card, curves));
    }

    private static double Draw(SvgCanvas canvas, double top, PlotCard card, List<Line> curves)
    {
        var size = canvas.Size;
        var height = size.IsWide ? 280 : 210;
        var (plotTop, bottom) = (top + 4, top + height);
        var values = LinearScale.Around(curves.SelectMany(c => c.Points.Select(p => p.Y)), bottom, plotTop);
        var left = canvas.Left + Axes.LeftWidth(size, values, height);
        var room = Math.Min(size.Width * (size.IsWide ? 0.26 : 0.3), curves.Max(c => TextWidth.Of(c.Name, size.Label, bold: true)) * Slack);
        var right = canvas.Right - room - (card.Kind is PlotKind.Scatter or PlotKind.Jitter ? 20 : 10);
        var across = LinearScale.Around(curves.SelectMany(c => c.Points.Select(p => p.X)), left, right, room: card.Kind is PlotKind.Scatter or PlotKind.Jitter ? 0.03 : 0);
        Axes.Left(canvas, values, left, right, height);
        Axes.Bottom(canvas, across, left, right, plotTop, bottom, PlainText.Clean(card.XLabel));
        // The newest is drawn last, above the others; lines of one revision differ by their dashes.
        var places = curves.GroupBy(c => c.Revision).SelectMany(g => g.Select((c, i) => (Curve: c, Dash: i + (curves.Count > g.Count() ? g.Key : 0)))).ToDictionary(p => p.Curve, p => p.Dash);
        foreach (var curve in curves.AsEnumerable().Reverse())
            Marks(canvas, card, curve, across, values, PlotStyle.Line(curve.Revision, places[curve]));
        if (card.Kind is PlotKind.Scatter or PlotKind.Jitter)
            Key(canvas, curves, right + 8, plotTop, room);
        else
            Names(canvas, curves, values, right + 8, (plotTop + 6, bottom - 4), room);
        return bottom + Axes.BottomHeight(size, label: true);
    }

    // Names beyond a score would only cover each other; the first are of the newest.
    private static void Names(SvgCanvas canvas, List<Line> curves, LinearScale values, double left, (double Top, double Bottom) span, double room)
    {
        var size = canvas.Size;
        foreach (var (label, y) in Labels.Spread(curves.Take(MostLabels).ToList(), c => values.At(c.Points[^1].Y), size.Label + 3, span.Top, span.Bottom).Where(l => l.Y >= span.Top - 4))
            canvas.Text(left, y + (size.Label * 0.35), TextWidth.Fit(label.Name, size.Label, room / Slack * 1.06, bold: label.Revision == 0), size.Label, PlotStyle.Text(label.Revision));
    }

    // Clouds have no end to stand at: the names stand beside a mark of theirs.
    private static void Key(SvgCanvas canvas, List<Line> curves, double left, double top, double room)
    {
        var size = canvas.Size;
        foreach (var (curve, i) in curves.Take(MostLabels / 2).Select((curve, i) => (curve, i)))
        {
            var y = top + ((size.Label + 6) * (i + 0.5));
            if (curve.Revision == 1)
                canvas.Diamond(left + 2, y, 3.4, PlotStyle.Mark(curve.Revision));
            else
                canvas.Dot(left + 2, y, 3, PlotStyle.Mark(curve.Revision));
            canvas.Text(left + 10, y + (size.Label * 0.35), TextWidth.Fit(curve.Name, size.Label, room / Slack * 1.06, bold: curve.Revision == 0), size.Label, PlotStyle.Text(curve.Revision));
        }
    }

    private static void Marks(SvgCanvas canvas, PlotCard card, Line curve, LinearScale across, LinearScale values, string line)
    {
        var cloud = card.Kind is PlotKind.Scatter or PlotKind.Jitter;
        if (card.Kind == PlotKind.Smooth && curve.Points.Count > 3)
        {
            canvas.Polyline(Dense(curve.Points).Select(p => (across.At(p.X), values.At(p.Y))), line + " f-faint");
            canvas.Polyline(Smoothing.Of(curve.Points).Select(p => (across.At(p.X), values.At(p.Y))), line);
        }
        else if (!cloud)
        {
            canvas.Polyline(Dense(curve.Points).Select(p => (across.At(p.X), values.At(p.Y))), line);
        }

        var index = 0;
        foreach (var (x, y) in Thinned(curve.Points, cloud ? MostDots : curve.Points.Count > 60 ? 1 : 60))
        {
            var tip = $"{curve.Name}: {card.XLabel} {Reporting.Numbers.Round(x)}, {card.YLabel} {Reporting.Numbers.Text(y)}";
            var (dx, dy) = card.Kind == PlotKind.Jitter ? Smoothing.Jitter(index++) : (0, 0);
            if (curve.Revision == 1)
                canvas.Diamond(across.At(x) + dx, values.At(y) + dy, 3, PlotStyle.Mark(curve.Revision) + (cloud ? " f-cloud" : ""), tip);
            else
                canvas.Dot(across.At(x) + dx, values.At(y) + dy, 2.5, PlotStyle.Mark(curve.Revision) + (cloud ? " f-cloud" : ""), tip);
        }
    }

    // More points than twice the pixels of a wide figure cannot be seen, and cost.
    private static IEnumerable<(double X, double Y)> Dense(List<(double X, double Y)> points) => Thinned(points, 1_500);

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

    private sealed record Line(string Name, int Revision, List<(double X, double Y)> Points);
}
