using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Confusion matrix: shade says which share of a true class was given which class; numbers say it too.</summary>
internal static class ConfusionFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Confusion is not { } confusion || confusion.Counts.Sum() == 0)
            return null;
        var classes = confusion.Labels.Count;
        var right = Enumerable.Range(0, classes).Sum(c => confusion.Counts[c * classes + c]);
        var title = $"{Numbers.Count(right)} of {Numbers.Count(confusion.Counts.Sum())} rows were given their true class";
        var worst = Enumerable.Range(0, classes * classes).Where(cell => cell / classes != cell % classes).OrderByDescending(cell => confusion.Counts[cell]).FirstOrDefault(-1);
        var alt = title + ". " + (worst >= 0 && confusion.Counts[worst] > 0
            ? $"Most often confused: {PlainText.Clean(confusion.Labels[worst / classes])} taken for {PlainText.Clean(confusion.Labels[worst % classes])}, {confusion.Counts[worst]} times."
            : "No class was taken for another.");
        return new FigureDrawing("confusion", title, "Rows: true class; columns: predicted class", alt, (canvas, top) => Draw(canvas, top, confusion));
    }

    internal static double Draw(SvgCanvas canvas, double top, ReportConfusion confusion, bool shares = false)
    {
        var (size, classes) = (canvas.Size, confusion.Labels.Count);
        var labels = confusion.Labels.Select(label => PlainText.Clean(label)).ToList();
        var labelWidth = Math.Min(size.Width * 0.25, labels.Max(label => TextWidth.Of(label, size.Label)));
        var left = canvas.Left + labelWidth + 10;
        var cell = Math.Min((canvas.Right - left) / classes, size.IsWide ? 90 : 84);
        var height = Math.Min(cell, 54);
        for (var actual = 0; actual < classes; actual++)
        {
            var y = top + height * actual;
            canvas.Text(left - 8, y + height / 2 + size.Label * 0.35, TextWidth.Fit(labels[actual], size.Label, labelWidth), size.Label, "f-text", Anchor.End);
            double total = Math.Max(1, Enumerable.Range(0, classes).Sum(c => confusion.Counts[actual * classes + c]));
            for (var predicted = 0; predicted < classes; predicted++)
            {
                var count = confusion.Counts[actual * classes + predicted];
                Cell(canvas, left + cell * predicted, y, cell, height, count, count / total, shares, $"{labels[actual]} taken for {labels[predicted]}: {Numbers.Count(count)} ({Numbers.Percent(count / total)})");
            }
        }

        var bottom = top + height * classes;
        for (var predicted = 0; predicted < classes; predicted++)
            canvas.Text(left + cell * (predicted + 0.5), bottom + size.Tick + 6, TextWidth.Fit(labels[predicted], size.Tick, cell - 4), size.Tick, "f-text", Anchor.Middle);
        canvas.Text(left + cell * classes / 2, bottom + 2 * size.Tick + 12, "predicted class", size.Tick, "f-mute", Anchor.Middle);
        return bottom + 2 * size.Tick + 16;
    }

    private static void Cell(SvgCanvas canvas, double x, double y, double width, double height, int count, double share, bool shares, string tip)
    {
        canvas.Rectangle(x, y, width, height, $"f-cell f-h{(int)Math.Round(share * 10)}", tip);
        var (text, percent) = shares ? (Numbers.Percent(share), Numbers.Count(count)) : (Numbers.Count(count), Numbers.Percent(share));
        var style = share > 0.55 ? "f-on-dark" : "f-text";
        if (width < Math.Max(TextWidth.Of(text, canvas.Size.Label, bold: true), TextWidth.Of(percent, canvas.Size.Tick)) + 6 || height < canvas.Size.Label + 6)
            return;
        var two = height > canvas.Size.Label + canvas.Size.Tick + 12;
        canvas.Text(x + width / 2, y + height / 2 + (two ? -2 : canvas.Size.Label * 0.35), text, canvas.Size.Label, style, Anchor.Middle);
        if (two)
            canvas.Text(x + width / 2, y + height / 2 + canvas.Size.Tick + 2, percent, canvas.Size.Tick, style, Anchor.Middle);
    }
}
