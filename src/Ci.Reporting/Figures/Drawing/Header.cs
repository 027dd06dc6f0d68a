namespace Ci.Reporting.Drawing;

/// <summary>Title, explanation and key at the head of a figure.</summary>
internal static class Header
{
    /// <summary>Draws title and explanation, wrapped to the width; returns where the content may begin.</summary>
    public static double Draw(SvgCanvas canvas, string title, string? explanation)
    {
        var size = canvas.Size;
        var width = canvas.Right - canvas.Left;
        var y = size.IsWide ? 4 : 12.0;
        foreach (var line in TextWidth.Wrap(title, size.Title, width, bold: true))
            canvas.Text(canvas.Left, y += size.Title + 3, line, size.Title, "f-title");
        foreach (var line in TextWidth.Wrap(explanation ?? "", size.Label, width))
            canvas.Text(canvas.Left, y += size.Label + 5, line, size.Label, "f-mute");
        return y + 10;
    }

    /// <summary>The key of candidate (dot) and baseline (diamond), or of their lines alone, in one line; returns where the content may begin.</summary>
    public static double Key(SvgCanvas canvas, double y, string? baseline, bool marks = true)
    {
        var size = canvas.Size;
        var middle = y + size.Label / 2;
        var x = canvas.Left + 5;
        canvas.Line(x - 5, middle, x + 13, middle, "f-cand");
        if (marks)
            canvas.Dot(x + 4, middle, 4, "f-cand-mark");
        canvas.Text(x += 19, middle + size.Label * 0.35, "candidate", size.Label, "f-cand-text");
        if (baseline is not null)
        {
            x += TextWidth.Of("candidate", size.Label, bold: true) + 22;
            canvas.Line(x - 5, middle, x + 13, middle, marks ? "f-base" : "f-base-line");
            if (marks)
                canvas.Diamond(x + 4, middle, 4.6, "f-base-mark");
            canvas.Text(x + 19, middle + size.Label * 0.35, TextWidth.Fit(baseline, size.Label, canvas.Right - x - 20), size.Label, "f-base-text");
        }

        return y + size.Label + 10;
    }
}
