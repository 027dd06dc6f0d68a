namespace Ci.Reporting.Drawing;

/// <summary>Small multiples: panels of one size in rows.</summary>
internal static class Panels
{
    public const double Gap = 16;

    /// <summary>Draws each item in a panel of its own; the drawing gets its left, right and top, and returns where it ended.</summary>
    public static double Draw<T>(SvgCanvas canvas, double top, IReadOnlyList<T> items, int columns, Func<T, double, double, double, double> draw)
    {
        columns = Math.Max(1, Math.Min(columns, items.Count));
        var width = (canvas.Right - canvas.Left - (Gap * (columns - 1))) / columns;
        var (y, bottom) = (top, top);
        for (var index = 0; index < items.Count; index++)
        {
            if (index % columns == 0 && index > 0)
                y = bottom + Gap;
            var left = canvas.Left + ((width + Gap) * (index % columns));
            bottom = Math.Max(index % columns == 0 ? 0 : bottom, draw(items[index], left, left + width, y));
        }

        return bottom;
    }
}
