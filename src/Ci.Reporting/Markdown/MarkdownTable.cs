using System.Text;

namespace Ci.Reporting;

/// <summary>Tables and folded sections as Markdown.</summary>
internal static class MarkdownTable
{
    /// <summary>Appends a table, and what is said beneath it.</summary>
    public static void Append(StringBuilder text, ReportTable table, string? note = null, string? small = null)
    {
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(column => MarkdownText.Escape(column.Name))).Append(" |\n");
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(column => column.Number ? "--:" : ":--")).Append(" |\n");
        foreach (var row in table.Rows)
            text.Append("| ").AppendJoin(" | ", row.Select(CellOf)).Append(" |\n");
        text.Append('\n');
        Paragraph(text, note);
        if (small is not null)
            text.Append($"<sub>{MarkdownText.Escape(small)}</sub>\n\n");
    }

    public static void Paragraph(StringBuilder text, string? words)
    {
        if (!string.IsNullOrEmpty(words))
            text.Append(MarkdownText.Escape(words)).Append("\n\n");
    }

    private static string CellOf(Cell cell)
    {
        var text = cell.Kind switch
        {
            CellKind.Code => MarkdownText.Code(cell.Text),
            CellKind.Strong => $"**{MarkdownText.Escape(cell.Text)}**",
            CellKind.Muted => $"<sub>{MarkdownText.Escape(cell.Text)}</sub>",
            _ => MarkdownText.Escape(cell.Text),
        };
        return string.Concat([text, .. (cell.Notes ?? []).Select(note => $"<br><sub>{MarkdownText.Escape(note)}</sub>")]);
    }
}
