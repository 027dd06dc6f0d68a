using System.Text;
using System.Text.RegularExpressions;

namespace Ci.Forges;

/// <summary>Finds the targets of images in Markdown, by position, so that all else passes through byte for byte.</summary>
public static partial class MarkdownImages
{
    private const int LongestLine = 20_000;

    /// <summary>Inline images and HTML's <c>img</c> and <c>source</c>, outside code.</summary>
    public static IReadOnlyList<MarkdownImage> Find(string markdown)
    {
        var images = new List<MarkdownImage>();
        foreach (var (start, line, isCode) in MarkdownLines.Of(markdown))
        {
            // Nobody writes an image in a line of such length; embedded data has them.
            if (isCode || line.Length > LongestLine || line.StartsWith("    ", StringComparison.Ordinal) || line.StartsWith('\t'))
                continue;
            var code = InlineCode().EnumerateMatches(line);
            var spans = new List<(int From, int To)>();
            foreach (var span in code)
                spans.Add((span.Index, span.Index + span.Length));
            foreach (Match match in Target().Matches(line))
            {
                var group = match.Groups["target"];
                if (!spans.Exists(s => match.Index >= s.From && match.Index < s.To))
                    images.Add(new MarkdownImage(
                        start + group.Index, group.Length, group.Value, match.Value[0] == '!' ? start + match.Index : -1, !match.Value.StartsWith("![]", StringComparison.Ordinal)));
            }
        }

        return images;
    }

    /// <summary>The text with targets replaced where the function has an answer.</summary>
    public static string Replace(string markdown, IReadOnlyList<MarkdownImage> images, Func<string, string?> replacement)
    {
        var result = new StringBuilder(markdown.Length + (images.Count * 64));
        var at = 0;
        foreach (var image in images.OrderBy(i => i.Start))
        {
            if (replacement(image.Target) is not { } address)
                continue;
            result.Append(markdown, at, image.Start - at).Append(address);
            at = image.Start + image.Length;
        }

        return result.Append(markdown, at, markdown.Length - at).ToString();
    }

    /// <summary>The text with those images of Markdown whose targets are named turned into links to another place; tags of HTML stay.</summary>
    public static string Link(string markdown, IReadOnlyList<MarkdownImage> images, IReadOnlySet<string> targets, string place)
    {
        var result = new StringBuilder(markdown.Length);
        var at = 0;
        foreach (var image in images.Where(i => i.Bang >= 0 && targets.Contains(i.Target)).OrderBy(i => i.Start))
        {
            // "![alt](target" becomes "[alt](place"; without its '!' an empty text would leave nothing to click on.
            result.Append(markdown, at, image.Bang - at).Append(image.HasText ? "" : "[picture");
            var from = image.Bang + (image.HasText ? 1 : 2);
            result.Append(markdown, from, image.Start - from).Append(place);
            at = image.Start + image.Length;
        }

        return result.Append(markdown, at, markdown.Length - at).ToString();
    }

    // ![alt](target "title"), ![alt](<target>), <img src="target">, <source srcset="target">
    [GeneratedRegex(
        """!\[(?:[^\]\\]|\\.)*\]\(\s*(?:<(?<target>[^<>]+)>|(?<target>[^\s()<>]+))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)|<(?:img|source)\b[^>]*?\b(?:src|srcset)\s*=\s*(?:"(?<target>[^"\s]+)"|'(?<target>[^'\s]+)')""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Target();

    [GeneratedRegex("`[^`]+`", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex InlineCode();
}
