using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The report as one page that needs nothing else: no network, no fonts, no frames. Prints well.</summary>
public static class HtmlReport
{
    /// <summary>Renders the page (HTML5, UTF-8). Its content security policy allows only the page's own style and script, by digest.</summary>
    public static string Render(Report report)
    {
        var headline = Headline.Of(report);
        var sections = SectionsOf(report).ToList();
        var style = HtmlAssets.Style + FigureStyle.Page;
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{Digest(style)}'; script-src '{Digest(HtmlAssets.Script)}'; {(report.Plots.Any(plot => plot.Pictures.Count > 0) ? "img-src data:; " : "")}base-uri 'none'; form-action 'none'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Append($"<title>{Text(headline.Verdict)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n")
            .Append($"<header id=\"top\" class=\"{Class(report)}\"><h1>{Text(headline.Verdict)}</h1>\n<p class=\"lead\">{Text(headline.Detail)}</p>\n");
        if (report.Data.RowsAlsoInTraining > 0)
            page.Append($"<p class=\"warning\"><strong>Leak.</strong> {Text(DataWords.Leak(report.Data))}</p>\n");
        if (report.DataCheck is { } check && check.Outcome != CheckOutcome.Pass)
            page.Append($"<p class=\"warning\"><strong>Data check: {DataCheckWords.Word(check.Outcome)}.</strong> {Text(DataCheckMarkdown.Capital(DataCheckWords.Sentence(check)))}</p>\n");
        page.Append($"<p class=\"meta\">{FootOf(report)}</p>\n</header>\n<nav aria-label=\"Sections\">")
            .AppendJoin(" ", sections.Select(section => $"<a href=\"#{section.Id}\">{Text(section.Title)}</a>")).Append("</nav>\n");
        foreach (var (id, title, body) in sections)
            page.Append($"<section id=\"{id}\"><h2><a href=\"#{id}\">{Text(title)}</a></h2>\n{body}</section>\n");
        return page.Append($"<footer>{FootOf(report)}</footer>\n</main>\n<script>{HtmlAssets.Script}</script>\n</body>\n</html>\n").ToString();
    }

    private static IEnumerable<(string Id, string Title, string Body)> SectionsOf(Report report)
    {
        var figures = Figures.Drawings(report).ToDictionary(drawing => drawing.Name, StringComparer.Ordinal);
        if (report.Gates.Count > 0)
            yield return ("gates", "Gates", Table(ReportTables.Gates(report), "sortable cards") + (ReportTables.GateNote(report) is { } note ? $"<p class=\"muted\">{Text(note)}</p>\n" : ""));
        if (report.Metrics.Count > 0)
            yield return ("metrics", "Metrics", Figure(figures, "metrics") + Table(ReportTables.Metrics(report)) + Paragraph(ReportTables.MetricNote(report)) + Paragraph(DataWords.Training(report)));
        if (report.Slices is { Rows.Count: > 0 } slices)
            yield return ("slices", "Slices", Figure(figures, "slices") + Table(ReportTables.Slices(report, slices)) + Paragraph(slices.Method));
        var predictions = Group(figures, FigureGroup.Predictions);
        if (predictions.Length > 0)
            yield return ("predictions", "Predictions", predictions);
        foreach (var (id, title) in new[] { (FigureGroup.Training, "Training"), (FigureGroup.History, "History"), (FigureGroup.Plots, "Plots") })
        {
            if (Group(figures, id) is { Length: > 0 } found)
                yield return (id, title, found + Paragraph(id == FigureGroup.Plots && report.PlotsLeftOut > 0 ? $"{Numbers.Count(report.PlotsLeftOut, "further plot")} left out." : null));
        }

        yield return ("data", "Data", Table(ReportTables.Data(report.Data)) + Paragraph(DataWords.Leak(report.Data)));
        if (report.DataCheck is { } check)
            yield return ("data-check", "Data check", DataCheckOf(check));
        yield return ("model", "Model file", Figure(figures, "latency") + Table(ReportTables.Model(report)));
        if (report.Parameters.Count > 0)
            yield return ("parameters", "Parameters", Table(ReportTables.Parameters(report)));
        yield return ("lineage", "Lineage", Table(ReportTables.Lineage(report))
            + (Foot.Reproduce(report) is { } command ? $"<p>To reproduce the evaluation:</p>\n<pre><code>{Text(command)}</code></pre>\n" : ""));
    }

    private static string DataCheckOf(ReportDataCheck check) => string.Concat(
    [
        Paragraph(DataCheckMarkdown.Capital(DataCheckWords.Sentence(check))),
        check.Breaches.Count > 0 ? "<p><strong>Broken rules</strong></p>\n" + Table(DataCheckTables.Breaches(check), "sortable cards") : "",
        Paragraph(check.MoreBreaches > 0 ? $"{Numbers.Count(check.MoreBreaches, "further broken rule")} not shown." : null),
        check.Drift.Count > 0 ? "<p><strong>Drift</strong></p>\n" + Table(DataCheckTables.Drift(check, all: true), "sortable cards") : "",
        Paragraph(DataCheckWords.Rest(check, all: true)),
        DataCheckWords.Note(check) is { } note ? $"<p class=\"muted\">{Text(note)}</p>\n" : "",
        "<p><strong>What was checked</strong></p>\n",
        Table(DataCheckTables.Facts(check)),
    ]);

    private static string Figure(Dictionary<string, FigureDrawing> figures, string name) => figures.TryGetValue(name, out var drawing)
        ? $"<figure id=\"figure-{name}\">\n{drawing.Render(FigureSize.Wide, card: false)}{drawing.Render(FigureSize.Compact, card: false)}</figure>\n"
        : "";

    private static string Group(Dictionary<string, FigureDrawing> figures, string group) =>
        string.Concat(figures.Values.Where(drawing => drawing.Group == group).Select(drawing => Figure(figures, drawing.Name)));

    private static string Paragraph(string? words) => string.IsNullOrEmpty(words) ? "" : $"<p>{Text(words)}</p>\n";

    private static string Table(ReportTable table, string style = "sortable")
    {
        var facts = table.Columns[0].Name == "what";
        var html = new StringBuilder("<div class=\"scroll\"><table" + (facts ? " class=\"facts\">\n" : $" class=\"{style}\">\n<thead><tr>"));
        if (!facts)
            html.AppendJoin("", table.Columns.Select(column => $"<th scope=\"col\"{(column.Number ? " class=\"number\"" : "")}>{Text(column.Name)}</th>")).Append("</tr></thead>\n");
        html.Append("<tbody>\n");
        foreach (var row in table.Rows)
            html.Append("<tr>").AppendJoin("", row.Select((cell, index) => CellOf(cell, table.Columns[index], facts && index == 0))).Append("</tr>\n");
        return html.Append("</tbody></table></div>\n").ToString();
    }

    private static string CellOf(Cell cell, (string Name, bool Number) column, bool heading)
    {
        var text = cell.Kind switch
        {
            CellKind.Code => $"<code>{Text(cell.Text)}</code>",
            CellKind.Strong => $"<strong>{Text(cell.Text)}</strong>",
            CellKind.Muted => $"<span class=\"muted\">{Text(cell.Text)}</span>",
            _ => Text(cell.Text),
        };
        var notes = string.Concat((cell.Notes ?? []).Select(note => $"<small>{Text(note)}</small>"));
        var (tag, scope) = heading ? ("th", " scope=\"row\"") : ("td", "");
        var sort = cell.Sort is { } value && double.IsFinite(value) ? $" data-sort=\"{value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}\"" : "";
        var label = column.Name is "what" or "is" ? "" : $" data-label=\"{Text(column.Name)}\"";
        return $"<{tag}{scope}{(column.Number ? " class=\"number\"" : "")}{label}{sort}>{text}{notes}</{tag}>";
    }

    private static string FootOf(Report report)
    {
        List<string> parts = [];
        if (Foot.ShortCommit(report) is { } commit)
            parts.Add($"commit <code>{Text(commit)}</code>" + (report.Lineage.Branch is { Length: > 0 } branch ? $" on <code>{Text(branch)}</code>" : ""));
        parts.Add(report.Baseline is null ? "no baseline: nothing is live yet" : "baseline " + Text(Foot.Baseline(report)));
        if (Foot.Link(report.Lineage.RunUrl) is { } link)
            parts.Add($"<a href=\"{Text(link)}\" rel=\"noreferrer\">run</a>");
        parts.Add($"{report.Lineage.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        parts.Add("mlops " + Text(report.Lineage.Version));
        return string.Join(" · ", parts);
    }

    private static string Class(Report report) => report.Outcome.ToString().ToLowerInvariant();

    private static string Text(string? text) => WebUtility.HtmlEncode(PlainText.Clean(text, 1_000));

    private static string Digest(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
