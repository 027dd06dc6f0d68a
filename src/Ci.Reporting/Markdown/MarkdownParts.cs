using System.Text;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>A report taken apart for its Markdown: what always stands, and what may move.</summary>
internal sealed class MarkdownParts(Report report, MarkdownOptions options)
{
    /// <summary>The one line that says it all; never cut.</summary>
    public string Verdict { get; } = VerdictOf(report);

    /// <summary>What a reader must know before the numbers: whose they are, a leak, bad data.</summary>
    public string Warnings { get; } = report.IsUnchanged ? Fork(report) : Fork(report) + Leak(report) + BadData(report);

    public IReadOnlyList<ReportGate> Gates { get; } = report.IsUnchanged ? [] : [.. report.SortedGates];

    public string Figures { get; } = report.IsUnchanged ? "" : MarkdownFigures.Of(report, options);

    /// <summary>In the order in which they are shown.</summary>
    public IReadOnlyList<MarkdownSection> Sections { get; } = report.IsUnchanged ? [] : [.. SectionsOf(report)];

    public string Foot { get; } = FootOf(report);

    public string? Run { get; } = Ci.Reporting.Foot.Link(report.Lineage.RunUrl);

    /// <summary>The table of these gates, with the note on its intervals.</summary>
    public string GateTable(IReadOnlyList<ReportGate> gates)
    {
        if (gates.Count == 0)
            return "";
        var text = new StringBuilder();
        var shown = report with { Gates = gates };
        MarkdownTable.Append(text, ReportTables.Gates(shown), small: ReportTables.GateNote(shown));
        return text.ToString();
    }

    private static string VerdictOf(Report report)
    {
        var headline = Headline.Of(report);
        return $"**{MarkdownText.Escape(headline.Verdict)}** {MarkdownText.Escape(headline.Detail)}\n\n";
    }

    private static string Fork(Report report) => report.Lineage.MeasuredBy is { Length: > 0 } fork
        ? $"> **Measured by a fork's job** ({MarkdownText.Code(fork)}): every number here is what that job says, and was not measured again.\n\n"
        : "";

    private static string Leak(Report report) => report.Data.RowsAlsoInTraining > 0
        ? $"> **Leak:** {MarkdownText.Escape(DataWords.Leak(report.Data))}\n\n"
        : "";

    private static string BadData(Report report) => report.DataCheck is { } check && check.Outcome != CheckOutcome.Pass
        ? $"> **Data check: {DataCheckWords.Word(check.Outcome)}.** {MarkdownText.Escape(DataCheckMarkdown.Capital(DataCheckWords.Sentence(check)))}\n\n"
        : "";

    private static IEnumerable<MarkdownSection> SectionsOf(Report report)
    {
        if (report.Slices is { Rows.Count: > 0 } slices)
            yield return Section($"Slices ({slices.Rows.Count})", SectionRank.Slices, body => MarkdownTable.Append(body, ReportTables.Slices(report, slices), slices.Method));
        if (report.Metrics.Count > 0)
            yield return Section("Metrics", SectionRank.Metrics, body => MarkdownTable.Append(body, ReportTables.Metrics(report), ReportTables.MetricNote(report)));
        yield return Section(report.Data.RowsAlsoInTraining > 0 ? "Data (leak)" : "Data", SectionRank.Data, body =>
        {
            MarkdownTable.Append(body, ReportTables.Data(report.Data));
            MarkdownTable.Paragraph(body, DataWords.Leak(report.Data));
            MarkdownTable.Paragraph(body, DataWords.Training(report));
        });
        if (report.DataCheck is { } check)
        {
            yield return Section(DataCheckWords.Title(check), SectionRank.DataCheck, body =>
            {
                MarkdownTable.Paragraph(body, DataCheckMarkdown.Capital(DataCheckWords.Sentence(check)));
                DataCheckMarkdown.Body(body, check, all: false);
            });
        }

        yield return Section("Model file (ONNX)", SectionRank.Model, body => MarkdownTable.Append(body, ReportTables.Model(report)));
        if (report.Parameters.Count > 0)
            yield return Section("Parameters", SectionRank.Parameters, body => MarkdownTable.Append(body, ReportTables.Parameters(report)));
        yield return Section("Lineage", SectionRank.Lineage, body => MarkdownTable.Append(body, ReportTables.Lineage(report)));
        if (Ci.Reporting.Foot.Reproduce(report) is { } command)
            yield return Section("Reproduce", SectionRank.Reproduce, body => body.Append($"```sh\n{command}\n```\n\n"));
    }

    private static MarkdownSection Section(string title, SectionRank rank, Action<StringBuilder> fill)
    {
        var body = new StringBuilder();
        fill(body);
        return new MarkdownSection(title, rank, body.ToString());
    }

    private static string FootOf(Report report)
    {
        List<string> parts = [];
        if (Ci.Reporting.Foot.ShortCommit(report) is { } commit)
            parts.Add("commit " + MarkdownText.Code(commit) + (report.Lineage.Branch is { Length: > 0 } branch ? " on " + MarkdownText.Code(branch) : ""));
        parts.Add(report.Baseline is null ? MarkdownText.Escape(Ci.Reporting.Foot.NoBaseline(report)) : "baseline " + MarkdownText.Escape(Ci.Reporting.Foot.Baseline(report)));
        if (Ci.Reporting.Foot.Link(report.Lineage.RunUrl) is { } link)
            parts.Add($"[run]({link})");
        parts.Add("mlops " + MarkdownText.Escape(report.Lineage.Version));
        return $"<sub>{string.Join(" · ", parts)}</sub>\n";
    }
}
