using System.Text;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>A card as a page that needs nothing else: for the screen, and for the printer that makes a PDF of it.</summary>
public static class CardHtml
{
    private const int LongestParagraph = 20_000;

    /// <summary>The page for people (HTML5, UTF-8): sorts, knows light and dark, prints.</summary>
    public static string Render(ModelCard card) => Render(card, HtmlAssets.Style + FigureStyle.Page + CardStyle.Screen, HtmlScript.Text, ScreenFigure);

    /// <summary>The page that a PDF is printed from: paged, without script, colours for paper.</summary>
    public static string RenderForPrint(ModelCard card) => Render(card, CardStyle.Print, null, PrintFigure.Of);

    private static string Render(ModelCard card, string style, string? script, Func<FigureDrawing, string> figure)
    {
        var scripts = script is null ? "" : $" script-src '{HtmlText.Digest(script)}';";
        // SVG's own style elements are counted, too; the printed page holds one per figure, all of them the same.
        var styles = script is null ? $"'{HtmlText.Digest(style)}' '{HtmlText.Digest(PrintFigure.Style)}'" : $"'{HtmlText.Digest(style)}'";
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {styles};{scripts} base-uri 'none'; form-action 'none'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
            .Append(Metadata(card)).Append($"<style>{style}</style>\n</head>\n<body>\n<main>\n");
        TitleBlock(page, card);
        page.Append("<nav aria-label=\"Contents\"><h2>Contents</h2>\n<ol>")
            .AppendJoin("", card.Sections.Select(section => $"<li><a href=\"#{section.Id}\">{section.Number} {HtmlText.Of(section.Title)}</a></li>")).Append("</ol></nav>\n");
        foreach (var section in card.Sections)
        {
            page.Append($"<section id=\"{section.Id}\"><h2><a href=\"#{section.Id}\">{section.Number} {HtmlText.Of(section.Title)}</a></h2>\n");
            foreach (var block in section.Blocks)
                page.Append(BlockOf(block, card, figure, script is not null));
            page.Append("</section>\n");
        }

        // On paper the foot stands on every page, put there by the style.
        return page.Append(script is null ? "</main>\n" : $"<footer>{HtmlText.Of(CardFacts.Foot(card))}</footer>\n</main>\n<script>{script}</script>\n").Append("</body>\n</html>\n").ToString();
    }

    private static string Metadata(ModelCard card)
    {
        var author = card.Details.Contacts.Count > 0 ? string.Join("; ", card.Details.Contacts) : card.Report.Lineage.Repository;
        return $"<title>{HtmlText.Attribute($"Model card: {card.Title}")}</title>\n"
            + (author is null ? "" : $"<meta name=\"author\" content=\"{HtmlText.Attribute(author)}\">\n")
            + $"<meta name=\"description\" content=\"{HtmlText.Attribute(card.Headline.ToString())}\">\n"
            + $"<meta name=\"generator\" content=\"{HtmlText.Attribute($"mlops {card.Report.Lineage.Version}")}\">\n"
            + $"<meta name=\"dcterms.created\" content=\"{card.CreatedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">\n";
    }

    private static void TitleBlock(StringBuilder page, ModelCard card)
    {
        page.Append($"<header id=\"top\" class=\"{card.Outcome}\"><p class=\"kind\">Model card</p>\n<h1 data-foot=\"{HtmlText.Attribute(CardFacts.Foot(card))}\">{HtmlText.Of(card.Title)}</h1>\n")
            .Append($"<p class=\"lead\"><strong>{HtmlText.Of(card.Headline.Verdict)}</strong> {HtmlText.Of(card.Headline.Detail)}</p>\n");
        if (card.Report.Data.RowsAlsoInTraining > 0)
            page.Append(Warning("Leak.", DataWords.Leak(card.Report.Data)!));
        page.Append(HtmlTable.Bare(CardFacts.TitleBlock(card), "facts")).Append("\n</header>\n");
    }

    private static string BlockOf(CardBlock block, ModelCard card, Func<FigureDrawing, string> figure, bool screen) => block switch
    {
        CardBlock.Text text => $"<p>{Inline(text.Words)}</p>\n",
        CardBlock.Absent absent => $"<p class=\"absent\">{Inline(absent.Words)}</p>\n",
        CardBlock.Warning warning => Warning(warning.Head, warning.Words),
        CardBlock.Said said => string.Concat(said.Paragraphs.Select(text => $"<p class=\"said\" lang=\"{HtmlText.Attribute(card.Details.Language)}\" dir=\"auto\">{HtmlText.Of(text, LongestParagraph)}</p>\n")),
        CardBlock.Table table => screen ? HtmlTable.Of(table.Content, table.Name) : HtmlTable.Bare(table.Content, "printed") + "\n",
        CardBlock.Figure drawing => figure(drawing.Drawing),
        CardBlock.Code code => $"<pre><code>{HtmlText.Of(code.Command)}</code></pre>\n",
        _ => throw new InvalidOperationException($"no rendering for {block.GetType().Name}"),
    };

    private static string Warning(string head, string words) => $"<p class=\"warning\"><strong>{HtmlText.Of(head)}</strong> {HtmlText.Of(words)}</p>\n";

    // Our own sentences mark words of files and commands by backticks.
    private static string Inline(string words)
    {
        var parts = words.Split('`');
        return parts.Length % 2 == 0 ? HtmlText.Of(words, LongestParagraph) : string.Concat(parts.Select((part, index) => index % 2 == 0 ? Keep(part) : $"<code>{HtmlText.Of(part)}</code>"));
    }

    private static string Keep(string part) =>
        (part.StartsWith(' ') ? " " : "") + HtmlText.Of(part, LongestParagraph) + (part.Length > 1 && part.EndsWith(' ') ? " " : "");

    private static string ScreenFigure(FigureDrawing drawing) =>
        $"<figure id=\"figure-{drawing.Name}\">\n{drawing.Render(FigureSize.Wide, card: false)}{drawing.Render(FigureSize.Compact, card: false)}</figure>\n";
}
