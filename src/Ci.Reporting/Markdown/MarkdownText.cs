using System.Text;

namespace Ci.Reporting;

/// <summary>
/// Text from outside, made to be shown as it is by GitHub's and GitLab's Markdown: no formatting, HTML, table cells, links,
/// mentions, references, quick actions or workflow commands come out of it.
/// </summary>
internal static class MarkdownText
{
    private const char Joiner = '\u2060';

    /// <summary>
    /// Escaped for a line of text or a table cell. Backslashes do not stop mentions and references, which forges look for in the
    /// finished page, so an invisible word joiner parts their sign from the name.
    /// </summary>
    public static string Escape(string? text)
    {
        var clean = PlainText.Clean(text, 1_000);
        var result = new StringBuilder(clean.Length + 16);
        for (var index = 0; index < clean.Length; index++)
        {
            var (character, next) = (clean[index], index + 1 < clean.Length ? clean[index + 1] : ' ');
            result.Append(character switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\\' or '`' or '*' or '_' or '{' or '}' or '[' or ']' or '#' or '|' or '~' or '!' or '$' or '^' or '"' => "\\" + character,
                _ => character.ToString(),
            });
            if (BeginsReference(character, next) || IsInsideAddress(clean, index))
                result.Append(Joiner);
        }

        // A cell or line that begins like a list, heading, quick action or rule is still a text.
        return result.Length > 0 && result[0] is '-' or '+' or '/' or '=' or ':' ? Joiner + result.ToString() : result.ToString();
    }

    /// <summary>Digests, names of parameters, paths: set in a fixed width, mentions in it are inert.</summary>
    public static string Code(string? text) => PlainText.Clean(text).Length == 0 ? "" : $"<code>{Escape(text)}</code>";

    private static bool BeginsReference(char character, char next) =>
        character is '@' or '#' or '!' or '~' or '%' or '&' or '$' or '^' && (char.IsLetterOrDigit(next) || next is '"' or '{')
        || character == ':' && next is ':' or '/'
        || character == ':' && char.IsLetter(next);

    // "www." and "gh-" make links without any sign to escape.
    private static bool IsInsideAddress(string text, int index) =>
        index >= 2 && (text.AsSpan(index - 2).StartsWith("www.", StringComparison.OrdinalIgnoreCase)
            || text.AsSpan(index - 2).StartsWith("gh-", StringComparison.OrdinalIgnoreCase));
}
