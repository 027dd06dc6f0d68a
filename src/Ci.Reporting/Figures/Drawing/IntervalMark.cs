namespace Ci.Reporting.Drawing;

/// <summary>Interval marks: a line from low to high with the estimate upon it.</summary>
internal static class IntervalMark
{
    public static void Candidate(SvgCanvas canvas, LinearScale scale, double y, double value, double low, double high, bool open, string tip)
    {
        Whisker(canvas, scale, y, low, high, "f-cand");
        canvas.Dot(scale.Within(value), y, 4, open ? "f-cand-open" : "f-cand-mark", tip);
    }

    public static void Baseline(SvgCanvas canvas, LinearScale scale, double y, double value, double low, double high, string tip)
    {
        Whisker(canvas, scale, y, low, high, "f-base");
        canvas.Diamond(scale.Within(value), y, 4.6, "f-base-mark", tip);
    }

    private static void Whisker(SvgCanvas canvas, LinearScale scale, double y, double low, double high, string style)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
            return;
        var (left, right) = (scale.Within(low), scale.Within(high));
        canvas.Line(left, y, right, y, style);
        canvas.Line(left, y - 3.5, left, y + 3.5, style);
        canvas.Line(right, y - 3.5, right, y + 3.5, style);
    }
}
