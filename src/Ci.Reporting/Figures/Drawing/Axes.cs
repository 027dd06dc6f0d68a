namespace Ci.Reporting.Drawing;

/// <summary>Gridlines, ticks and units around a plot: drawn in one way for all figures.</summary>
internal static class Axes
{
    /// <summary>How much height the words under a horizontal axis take.</summary>
    public static double BottomHeight(FigureSize size, bool label) => size.Tick + 9 + (label ? size.Tick + 6 : 0);

    /// <summary>A horizontal axis at <paramref name="bottom"/> with vertical gridlines up to <paramref name="top"/>.</summary>
    public static void Bottom(SvgCanvas canvas, LinearScale scale, double left, double right, double top, double bottom, string? label)
    {
        var size = canvas.Size;
        var ticks = scale.Ticks(Math.Max(2, (int)((right - left) / (size.Tick * (size.IsWide ? 6 : 3.9)))));
        foreach (var (value, text) in ticks)
        {
            var x = scale.At(value);
            canvas.Line(x, top, x, bottom, "f-grid");
            TickText(canvas, x, bottom, text);
        }

        canvas.Line(left, bottom, right, bottom, "f-axis");
        if (label is not null)
            canvas.Text((left + right) / 2, bottom + 2 * size.Tick + 11, TextWidth.Fit(label, size.Tick, right - left), size.Tick, "f-mute", Anchor.Middle);
    }

    /// <inheritdoc cref="Bottom(SvgCanvas, LinearScale, double, double, double, double, string?)"/>
    public static void Bottom(SvgCanvas canvas, TimeScale scale, double left, double right, double bottom)
    {
        var reach = double.NegativeInfinity;
        foreach (var (at, text) in scale.Ticks(canvas.Size.Tick * 4.6))
        {
            var x = scale.At(at);
            canvas.Line(x, bottom, x, bottom + 4, "f-axis");
            var width = TextWidth.Of(text, canvas.Size.Tick);
            if (x - width / 2 < reach + 6 || x + width / 2 > canvas.Right)
                continue;
            TickText(canvas, Math.Max(x, canvas.Left + width / 2), bottom, text);
            reach = x + width / 2;
        }

        canvas.Line(left, bottom, right, bottom, "f-axis");
    }

    /// <summary>Room that the words of a vertical axis take.</summary>
    public static double LeftWidth(FigureSize size, LinearScale scale, double height) =>
        LeftTicks(size, scale, height).Max(tick => TextWidth.Of(tick.Text, size.Tick)) + 8;

    /// <summary>A vertical axis: horizontal gridlines, their words left of the plot.</summary>
    public static void Left(SvgCanvas canvas, LinearScale scale, double left, double right, double height, string suffix = "")
    {
        foreach (var (value, text) in LeftTicks(canvas.Size, scale, height))
        {
            var y = scale.At(value);
            canvas.Line(left, y, right, y, "f-grid");
            canvas.Text(left - 6, y + canvas.Size.Tick * 0.35, text + suffix, canvas.Size.Tick, "f-mute", Anchor.End);
        }
    }

    private static IReadOnlyList<(double Value, string Text)> LeftTicks(FigureSize size, LinearScale scale, double height) =>
        scale.Ticks(Math.Max(2, (int)(height / (size.Tick * 3.4))));

    // A word at the edge is moved inwards rather than cut.
    private static void TickText(SvgCanvas canvas, double x, double bottom, string text) =>
        canvas.Text(Math.Clamp(x, canvas.Left + TextWidth.Of(text, canvas.Size.Tick) / 2, canvas.Right - TextWidth.Of(text, canvas.Size.Tick) / 2), bottom + canvas.Size.Tick + 5, text, canvas.Size.Tick, "f-mute", Anchor.Middle);
}
