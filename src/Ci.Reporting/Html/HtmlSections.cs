using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The sections of the page: what argues the verdict first, detail after it.</summary>
internal static class HtmlSections
{
    // The figures that stand above no table.
    private static readonly (string Id, string Title)[] Groups =
        [(FigureGroup.Predictions, "Predictions"), (FigureGroup.Training, "Training"), (FigureGroup.History, "History"), (FigureGroup.Plots, "Plots")];

    public static IEnumerable<(string Id, string Title, string Body)> Of(Report report, IReadOnlyList<FigureDrawing> figures)
    {
        if (report.Gates.Count > 0)
            yield return ("gates", "Gates", HtmlTable.Of(ReportTables.Gates(report), "Gates", "sortable cards") + (ReportTables.GateNote(report) is { } note ? $"<p class=\"muted\">{HtmlText.Of(note)}</p>\n" : ""));
        if (report.Metrics.Count > 0)
            yield return ("metrics", "Metrics", Figure(figures, "metrics") + HtmlTable.Of(ReportTables.Metrics(report), "Metrics") + Paragraph(ReportTables.MetricNote(report)) + Paragraph(DataWords.Training(report)));
        if (report.Slices is { Rows.Count: > 0 } slices)
            yield return ("slices", "Slices", Figure(figures, "slices") + HtmlTable.Of(ReportTables.Slices(report, slices), "Slices") + Paragraph(slices.Method));
        foreach (var (id, title) in Groups)
        {
            if (string.Concat(figures.Where(figure => figure.Group == id).Select(Figure)) is { Length: > 0 } found)
                yield return (id, title, found + Paragraph(id == FigureGroup.Plots && report.PlotsLeftOut > 0 ? $"{Numbers.Count(report.PlotsLeftOut, "further plot")} left out." : null));
        }

        yield return ("data", "Data", HtmlTable.Of(ReportTables.Data(report.Data), "Data") + Paragraph(DataWords.Leak(report.Data)));
        if (report.DataCheck is { } check)
            yield return ("data-check", "Data check", DataCheck(check));
        yield return ("model", "Model file", Figure(figures, "latency") + HtmlTable.Of(ReportTables.Model(report), "Model file"));
        if (report.Parameters.Count > 0)
            yield return ("parameters", "Parameters", HtmlTable.Of(ReportTables.Parameters(report), "Parameters"));
        yield return ("lineage", "Lineage", HtmlTable.Of(ReportTables.Lineage(report), "Lineage")
            + (Foot.Reproduce(report) is { } command ? $"<p>To reproduce the evaluation:</p>\n<pre><code>{HtmlText.Of(command)}</code></pre>\n" : ""));
    }

    private static string DataCheck(ReportDataCheck check) => string.Concat(
    [
        Paragraph(DataCheckMarkdown.Capital(DataCheckWords.Sentence(check))),
        check.Breaches.Count > 0 ? "<h3>Broken rules</h3>\n" + HtmlTable.Of(DataCheckTables.Breaches(check), "Broken rules", "sortable cards") : "",
        Paragraph(check.MoreBreaches > 0 ? $"{Numbers.Count(check.MoreBreaches, "further broken rule")} not shown." : null),
        check.Drift.Count > 0 ? "<h3>Drift</h3>\n" + HtmlTable.Of(DataCheckTables.Drift(check, all: true), "Drift", "sortable cards") : "",
        Paragraph(DataCheckWords.Rest(check, all: true)),
        DataCheckWords.Note(check) is { } note ? $"<p class=\"muted\">{HtmlText.Of(note)}</p>\n" : "",
        "<h3>What was checked</h3>\n",
        HtmlTable.Of(DataCheckTables.Facts(check), "What was checked"),
    ]);

    private static string Figure(IReadOnlyList<FigureDrawing> figures, string name) => string.Concat(figures.Where(figure => figure.Name == name).Select(Figure));

    private static string Figure(FigureDrawing drawing) =>
        $"<figure id=\"figure-{drawing.Name}\">\n{drawing.Render(FigureSize.Wide, card: false)}{drawing.Render(FigureSize.Compact, card: false)}</figure>\n";

    private static string Paragraph(string? words) => string.IsNullOrEmpty(words) ? "" : $"<p>{HtmlText.Of(words)}</p>\n";
}
