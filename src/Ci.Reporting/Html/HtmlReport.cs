using System.Text;
using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The report as one page that needs nothing else: no network, no fonts, no frames. Prints well.</summary>
public static class HtmlReport
{
    /// <summary>Above so many figures a browser lays out only those that are seen.</summary>
    private const int ManyFigures = 24;

    /// <summary>Renders the page (HTML5, UTF-8). Its content security policy allows only the page's own style and script, by digest.</summary>
    public static string Render(Report report) => Render(report, [.. Figures.Drawings(report)]);

    internal static string Render(Report report, IReadOnlyList<FigureDrawing> figures)
    {
        var headline = Headline.Of(report);
        var sections = HtmlSections.Of(report, figures).ToList();
        var style = HtmlAssets.Style + FigureStyle.Page;
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{HtmlText.Digest(style)}'; script-src '{HtmlText.Digest(HtmlScript.Text)}'; {(report.Plots.Any(plot => plot.Pictures.Count > 0) ? "img-src data:; " : "")}base-uri 'none'; form-action 'none'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
            .Append($"<title>{HtmlText.Attribute(headline.Verdict)}</title>\n<style>{style}</style>\n</head>\n<body{(figures.Count > ManyFigures ? " class=\"many\"" : "")}>\n<main>\n")
            .Append($"<header id=\"top\" class=\"{Class(report)}\"><h1>{HtmlText.Of(headline.Verdict)}</h1>\n<p class=\"lead\">{HtmlText.Of(headline.Detail)}</p>\n")
            .Append(Warnings(report))
            .Append($"<p class=\"meta\">{FootOf(report)}</p>\n</header>\n<nav aria-label=\"Contents\"><ul>")
            .AppendJoin("", sections.Select(section => $"<li><a href=\"#{section.Id}\">{HtmlText.Of(section.Title)}</a></li>")).Append("</ul></nav>\n");
        foreach (var (id, title, body) in sections)
            page.Append($"<section id=\"{id}\"><h2><a href=\"#{id}\">{HtmlText.Of(title)}</a></h2>\n{body}</section>\n");
        return page.Append($"<footer>{FootOf(report)}</footer>\n</main>\n<script>{HtmlScript.Text}</script>\n</body>\n</html>\n").ToString();
    }

    private static string Warnings(Report report)
    {
        var html = "";
        if (report.Data.RowsAlsoInTraining > 0)
            html += $"<p class=\"warning\"><strong>Leak.</strong> {HtmlText.Of(DataWords.Leak(report.Data))}</p>\n";
        if (report.DataCheck is { } check && check.Outcome != CheckOutcome.Pass)
            html += $"<p class=\"warning\"><strong>Data check: {DataCheckWords.Word(check.Outcome)}.</strong> {HtmlText.Of(DataCheckMarkdown.Capital(DataCheckWords.Sentence(check)))}</p>\n";
        return html;
    }

    private static string FootOf(Report report)
    {
        List<string> parts = [];
        if (Foot.ShortCommit(report) is { } commit)
            parts.Add($"commit <code>{HtmlText.Of(commit)}</code>" + (report.Lineage.Branch is { Length: > 0 } branch ? $" on <code>{HtmlText.Of(branch)}</code>" : ""));
        parts.Add(report.Baseline is null ? "no baseline: nothing is live yet" : "baseline " + HtmlText.Of(Foot.Baseline(report)));
        if (Foot.Link(report.Lineage.RunUrl) is { } link)
            parts.Add($"<a href=\"{HtmlText.Attribute(link)}\" rel=\"noreferrer\">run</a>");
        parts.Add($"{report.Lineage.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        parts.Add("mlops " + HtmlText.Of(report.Lineage.Version));
        return string.Join(" · ", parts);
    }

    private static string Class(Report report) => report.Outcome.ToString().ToLowerInvariant();
}
