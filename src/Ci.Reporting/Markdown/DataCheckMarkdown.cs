using System.Text;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>A data check as Markdown: a page of its own, and the section of a report.</summary>
public static class DataCheckMarkdown
{
    /// <summary>The page that <c>mlops data check --report</c> writes. Ends in a line feed.</summary>
    public static string Render(DataCheck check)
    {
        var shown = ReportDataCheck.Of(check);
        var text = new StringBuilder();
        text.Append($"**Data check: {DataCheckWords.Word(shown.Outcome)}.** {MarkdownText.Escape(Capital(DataCheckWords.Sentence(shown)))}\n\n");
        Body(text, shown, all: true);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    internal static void Body(StringBuilder text, ReportDataCheck check, bool all)
    {
        if (check.Breaches.Count > 0)
            MarkdownTable.Append(text, DataCheckTables.Breaches(check), check.MoreBreaches > 0 ? $"{Numbers.Count(check.MoreBreaches, "further broken rule")} not shown." : null);
        var drift = DataCheckTables.Drift(check, all);
        if (drift.Rows.Count > 0)
            MarkdownTable.Append(text, drift, DataCheckWords.Rest(check, all), DataCheckWords.Note(check));
        else
            MarkdownTable.Paragraph(text, DataCheckWords.Rest(check, all));
        MarkdownTable.Append(text, DataCheckTables.Facts(check));
    }

    internal static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
