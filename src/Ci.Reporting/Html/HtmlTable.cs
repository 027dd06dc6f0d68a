using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>Tables of the page and of the card.</summary>
internal static class HtmlTable
{
    /// <summary>Rows above which a table scrolls within itself instead of making the page endless.</summary>
    public const int TallRows = 100;

    /// <summary>A table within a box of its own that scrolls sideways where a phone is too narrow. Without a style it is one that sorts.</summary>
    public static string Of(ReportTable table, string name, string style = "sortable")
    {
        var html = new StringBuilder($"<div class=\"scroll{(table.Rows.Count > TallRows ? " tall" : "")}\" role=\"region\" tabindex=\"0\" aria-label=\"{HtmlText.Attribute(name)}\">");
        return html.Append(Bare(table, style)).Append("</div>\n").ToString();
    }

    /// <summary>The table alone.</summary>
    public static string Bare(ReportTable table, string style)
    {
        var facts = IsFacts(table);
        var html = new StringBuilder("<table" + (facts ? " class=\"facts\">\n" : $" class=\"{style}\">\n<thead><tr>"));
        if (!facts)
            html.AppendJoin("", table.Columns.Select(column => $"<th scope=\"col\"{(column.Number ? " class=\"number\"" : "")}>{HtmlText.Of(column.Name)}</th>")).Append("</tr></thead>\n");
        html.Append("<tbody>\n");
        foreach (var row in table.Rows)
            html.Append("<tr>").AppendJoin("", row.Select((cell, index) => CellOf(cell, table.Columns[index], facts && index == 0))).Append("</tr>\n");
        return html.Append("</tbody></table>").ToString();
    }

    private static bool IsFacts(ReportTable table) => table.Columns[0].Name == "what";

    private static string CellOf(Cell cell, (string Name, bool Number) column, bool heading)
    {
        var text = cell.Kind switch
        {
            CellKind.Code => $"<code>{HtmlText.Of(cell.Text)}</code>",
            CellKind.Strong => $"<strong>{HtmlText.Of(cell.Text)}</strong>",
            CellKind.Muted => $"<span class=\"muted\">{HtmlText.Of(cell.Text)}</span>",
            _ => HtmlText.Of(cell.Text),
        };
        var notes = string.Concat((cell.Notes ?? []).Select(note => $"<small>{HtmlText.Of(note)}</small>"));
        var (tag, scope) = heading ? ("th", " scope=\"row\"") : ("td", "");
        var sort = cell.Sort is { } value && double.IsFinite(value) ? $" data-sort=\"{value.ToString("R", CultureInfo.InvariantCulture)}\"" : "";
        var label = column.Name is "what" or "is" ? "" : $" data-label=\"{HtmlText.Attribute(column.Name)}\"";
        return $"<{tag}{scope}{(column.Number ? " class=\"number\"" : "")}{label}{sort}>{text}{notes}</{tag}>";
    }
}
