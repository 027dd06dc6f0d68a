using System.Text;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>The report as a comment: the answer in one line, the gates, at most three figures, the rest folded away.</summary>
public static class MarkdownReport
{
    /// <summary>
    /// Renders the comment. <paramref name="figureUrls"/> maps a figure's name to its address (relative path or URL); a figure
    /// without an address is left out. Ends in a line feed.
    /// </summary>
    public static string Render(Report report, IReadOnlyDictionary<string, string> figureUrls)
    {
        var text = new StringBuilder();
        var headline = Headline.Of(report);
        text.Append($"**{MarkdownText.Escape(headline.Verdict)}** {MarkdownText.Escape(headline.Detail)}\n\n");
        if (!report.IsUnchanged)
        {
            if (report.Data.RowsAlsoInTraining > 0)
                text.Append($"> **Leak:** {MarkdownText.Escape(DataWords.Leak(report.Data))}\n\n");
            if (report.DataCheck is { } check && check.Outcome != CheckOutcome.Pass)
                text.Append($"> **Data check: {DataCheckWords.Word(check.Outcome)}.** {MarkdownText.Escape(DataCheckMarkdown.Capital(DataCheckWords.Sentence(check)))}\n\n");
            if (report.Gates.Count > 0)
                MarkdownTable.Append(text, ReportTables.Gates(report), small: ReportTables.GateNote(report));
            Pictures(text, report, figureUrls);
            Sections(text, report);
        }

        text.Append(FootOf(report));
        return text.ToString();
    }

    private static void Pictures(StringBuilder text, Report report, IReadOnlyDictionary<string, string> figureUrls)
    {
        var wanted = Figures.ForComment(report);
        foreach (var drawing in Figures.Drawings(report).Where(drawing => wanted.Contains(drawing.Name)))
        {
            if (figureUrls.TryGetValue(drawing.Name, out var url))
                text.Append($"![{MarkdownText.Escape(drawing.Title)}]({url})\n\n");
        }
    }

    private static void Sections(StringBuilder text, Report report)
    {
        if (report.Slices is { Rows.Count: > 0 } slices)
            Section(text, $"Slices ({slices.Rows.Count})", body => MarkdownTable.Append(body, ReportTables.Slices(report, slices), slices.Method));
        if (report.Metrics.Count > 0)
            Section(text, "Metrics", body => MarkdownTable.Append(body, ReportTables.Metrics(report), ReportTables.MetricNote(report)));
        Section(text, report.Data.RowsAlsoInTraining > 0 ? "Data (leak)" : "Data", body =>
        {
            MarkdownTable.Append(body, ReportTables.Data(report.Data));
            MarkdownTable.Paragraph(body, DataWords.Leak(report.Data));
            MarkdownTable.Paragraph(body, DataWords.Training(report));
        });
        if (report.DataCheck is { } check)
        {
            Section(text, DataCheckWords.Title(check), body =>
            {
                MarkdownTable.Paragraph(body, DataCheckMarkdown.Capital(DataCheckWords.Sentence(check)));
                DataCheckMarkdown.Body(body, check, all: false);
            });
        }

        Section(text, "Model file (ONNX)", body => MarkdownTable.Append(body, ReportTables.Model(report)));
        if (report.Parameters.Count > 0)
            Section(text, "Parameters", body => MarkdownTable.Append(body, ReportTables.Parameters(report)));
        Section(text, "Lineage", body => MarkdownTable.Append(body, ReportTables.Lineage(report)));
        if (Foot.Reproduce(report) is { } command)
            Section(text, "Reproduce", body => body.Append($"```sh\n{command}\n```\n\n"));
    }

    private static void Section(StringBuilder text, string title, Action<StringBuilder> body)
    {
        text.Append($"<details><summary>{title}</summary>\n\n");
        body(text);
        text.Append("</details>\n\n");
    }

    private static string FootOf(Report report)
    {
        List<string> parts = [];
        if (Foot.ShortCommit(report) is { } commit)
            parts.Add("commit " + MarkdownText.Code(commit) + (report.Lineage.Branch is { Length: > 0 } branch ? " on " + MarkdownText.Code(branch) : ""));
        parts.Add(report.Baseline is null ? "no baseline: nothing is live yet" : "baseline " + MarkdownText.Escape(Foot.Baseline(report)));
        if (Foot.Link(report.Lineage.RunUrl) is { } link)
            parts.Add($"[run]({link})");
        parts.Add("mlops " + MarkdownText.Escape(report.Lineage.Version));
        return $"<sub>{string.Join(" · ", parts)}</sub>\n";
    }
}
