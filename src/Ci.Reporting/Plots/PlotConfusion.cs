using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Counts which class was taken for which; where there are too many classes to see, the rare ones are drawn as one.</summary>
internal static class PlotConfusion
{
    private const int MostClasses = 20;

    public static FigureDrawing? Of(PlotCard card, string name, string title, ref string? reason)
    {
        var known = card.Curves.SelectMany(c => c.Points).SelectMany(p => new[] { p.X, p.Y }).CountBy(label => label, StringComparer.Ordinal).ToList();
        if (known.Count == 0)
        {
            reason = "There are no rows to count.";
            return null;
        }

        var frequent = known.Count <= MostClasses ? known : [.. known.OrderByDescending(k => k.Value).ThenBy(k => k.Key, StringComparer.Ordinal).Take(MostClasses - 1)];
        var labels = frequent.Select(k => k.Key).Order(StringComparer.Ordinal).ToList();
        var rest = known.Count - labels.Count;
        var shown = rest > 0 ? [.. labels, $"{rest} others"] : labels;
        var places = labels.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i, StringComparer.Ordinal);
        var drawn = card.Curves.Select(curve => (curve.Name, Table: Counted(curve, places, shown))).ToList();
        var explanation = $"Rows: {PlainText.Clean(card.XLabel, 100)}; columns: {PlainText.Clean(card.YLabel, 100)}";
        var alt = $"{title}. {Numbers.Count(known.Count, "class", "classes")}; {string.Join("; ", drawn.Select(d => $"{PlainText.Clean(d.Name, 100)}: {Numbers.Count(d.Table.Counts.Sum(), "row")}, {Numbers.Count(Right(d.Table))} on the diagonal"))}.";
        return new FigureDrawing(name, title, explanation, alt, (canvas, top) =>
        {
            foreach (var (revision, table) in drawn)
            {
                if (drawn.Count > 1)
                    canvas.Text(canvas.Left, top += canvas.Size.Label + 8, TextWidth.Fit(PlainText.Clean(revision), canvas.Size.Label, canvas.Right - canvas.Left, bold: true), canvas.Size.Label, "f-strong");
                top = ConfusionFigure.Draw(canvas, top + 8, table, shares: card.Kind == PlotKind.ConfusionShares);
            }

            return top;
        });
    }

    private static ReportConfusion Counted(PlotCurve curve, Dictionary<string, int> places, IReadOnlyList<string> labels)
    {
        var counts = new int[labels.Count * labels.Count];
        for (var i = 0; i < curve.Points.Count; i++)
            counts[(places.GetValueOrDefault(curve.Points[i].X, labels.Count - 1) * labels.Count) + places.GetValueOrDefault(curve.Points[i].Y, labels.Count - 1)] += curve.Counts?[i] ?? 1;
        return new ReportConfusion { Labels = labels, Counts = counts };
    }

    private static int Right(ReportConfusion table) => Enumerable.Range(0, table.Labels.Count).Sum(i => table.Counts[(i * table.Labels.Count) + i]);
}
