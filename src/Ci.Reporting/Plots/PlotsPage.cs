using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Plots as one page that needs nothing else: no network, no script; pictures are in it.</summary>
public static class PlotsPage
{
    /// <summary>Renders the page (HTML5, UTF-8). Its content security policy allows only the page's own style, by digest, and pictures in it.</summary>
    /// <param name="plots">In the order in which they stand.</param>
    /// <param name="pictures">After them.</param>
    /// <param name="revisions">What is compared, the newest first.</param>
    public static string Render(IReadOnlyList<PlotCard> plots, IReadOnlyList<PlotPicture> pictures, IReadOnlyList<string> revisions)
    {
        ArgumentNullException.ThrowIfNull(plots);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(revisions);
        var style = HtmlAssets.Style + FigureStyle.Page + PlotStyle.Sheet;
        var title = revisions.Count > 1 ? $"Plots of {string.Join(", ", revisions.Take(6))}" : $"Plots of {(revisions.Count == 1 && revisions[0] != "workspace" ? revisions[0] : "the workspace")}";
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{Digest(style)}'; img-src data:; base-uri 'none'; form-action 'none'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Append($"<title>{Text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n<header id=\"top\"><h1>{Text(title)}</h1></header>\n");
        for (var i = 0; i < plots.Count; i++)
            page.Append(Section(plots[i], i));
        foreach (var (group, i) in pictures.GroupBy(p => p.Id, StringComparer.Ordinal).Select((g, i) => (g, i)))
            page.Append(Pictures(group.Key, [.. group], i));
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Section(PlotCard card, int index)
    {
        var drawing = PlotFigure.Of(card, $"plot{index}", out var reason);
        var body = drawing is null
            ? $"<h2>{Text(card.Title)}</h2>\n<p class=\"muted\">{Text(reason)}</p>\n"
            : $"<figure>\n{drawing.Render(FigureSize.Wide, card: false)}{drawing.Render(FigureSize.Compact, card: false)}<figcaption><code>{Text(card.Id)}</code></figcaption></figure>\n";
        return $"<section id=\"plot-{index}\">\n{body}</section>\n";
    }

    private static string Pictures(string id, IReadOnlyList<PlotPicture> pictures, int index)
    {
        var figures = string.Concat(pictures.Select(p =>
            $"<figure><img class=\"plot\" alt=\"{Text($"{p.Id} of {p.Revision}")}\" src=\"data:{p.MediaType};base64,{Convert.ToBase64String(p.Bytes)}\"><figcaption>{Text(p.Revision)}</figcaption></figure>\n"));
        return $"<section id=\"picture-{index}\"><h2>{Text(id)}</h2>\n<div class=\"pictures\">\n{figures}</div></section>\n";
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(PlainText.Clean(text, 1_000));

    private static string Digest(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
