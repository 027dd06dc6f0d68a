using System.Text;

namespace Ci.Reporting;

/// <summary>A card as Markdown: the same words as page and PDF; figures are left to them, their numbers stand in the tables.</summary>
public static class CardMarkdown
{
    private const int Piece = 900;

    /// <summary>The card from its title on. Ends in a line feed.</summary>
    public static string Render(ModelCard card)
    {
        var text = new StringBuilder($"# {MarkdownText.Escape(card.Title)}\n\n");
        text.Append($"**{MarkdownText.Escape(card.Headline.Verdict)}** {MarkdownText.Escape(card.Headline.Detail)}\n\n");
        MarkdownTable.Append(text, CardFacts.TitleBlock(card));
        foreach (var section in card.Sections)
        {
            text.Append($"## {section.Number} {section.Title}\n\n");
            foreach (var block in section.Blocks)
                Append(text, block);
        }

        return text.Append($"<sub>{MarkdownText.Escape(CardFacts.Foot(card))}</sub>\n").ToString();
    }

    private static void Append(StringBuilder text, CardBlock block)
    {
        switch (block)
        {
            case CardBlock.Text words:
                text.Append(Inline(words.Words)).Append("\n\n");
                break;
            case CardBlock.Absent absent:
                text.Append($"*{Inline(absent.Words)}*\n\n");
                break;
            case CardBlock.Warning warning:
                text.Append($"> **{MarkdownText.Escape(warning.Head)}** {Whole(warning.Words)}\n\n");
                break;
            case CardBlock.Said said:
                foreach (var paragraph in said.Paragraphs)
                    text.Append(Whole(paragraph)).Append("\n\n");
                break;
            case CardBlock.Table table:
                MarkdownTable.Append(text, table.Content);
                break;
            case CardBlock.Code code:
                text.Append($"```sh\n{code.Command}\n```\n\n");
                break;
            default:
                break;
        }
    }

    // Our own sentences mark words of files and commands by backticks.
    private static string Inline(string words)
    {
        var parts = words.Split('`');
        return parts.Length % 2 == 0 ? Whole(words) : string.Concat(parts.Select((part, index) => index % 2 == 0 ? Keep(part) : MarkdownText.Code(part)));
    }

    private static string Keep(string part) => (part.StartsWith(' ') ? " " : "") + Whole(part) + (part.Length > 1 && part.EndsWith(' ') ? " " : "");

    // A text is escaped in pieces, because a piece has a longest length; it is parted at its spaces only.
    private static string Whole(string words)
    {
        var clean = PlainText.Clean(words, 20_000);
        var pieces = new List<string>();
        for (var at = 0; at < clean.Length;)
        {
            var end = Math.Min(clean.Length, at + Piece);
            var space = end == clean.Length ? end : clean.LastIndexOf(' ', end - 1, end - at);
            end = space > at ? space : end;
            pieces.Add(MarkdownText.Escape(clean[at..end]));
            at = end < clean.Length && clean[end] == ' ' ? end + 1 : end;
        }

        return string.Join(' ', pieces);
    }
}
