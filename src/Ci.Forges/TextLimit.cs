using System.Text;

namespace Ci.Forges;

/// <summary>Keeps texts below a forge's limits, counted in UTF-8 bytes: those are never fewer than characters.</summary>
internal static class TextLimit
{
    /// <summary>One line, cut with an ellipsis.</summary>
    public static string Cut(string text, int limit)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return Encoding.UTF8.GetByteCount(line) <= limit ? line : Head(line, limit - 3).TrimEnd() + "…";
    }

    /// <summary>Markdown, cut at a line's end; a code fence or folded section left open is closed, and the reader is told.</summary>
    public static string CutLines(string markdown, int limit)
    {
        if (Encoding.UTF8.GetByteCount(markdown) <= limit)
            return markdown;
        const string Told = "\n\n_The rest is cut: the forge takes no longer text. The whole report is with the job's files._\n";
        const int Closings = 400;
        var kept = Head(markdown, Math.Max(0, limit - Encoding.UTF8.GetByteCount(Told) - Closings));
        kept = kept[..(kept.LastIndexOf('\n') + 1)];
        var result = new StringBuilder(kept);
        if (MarkdownLines.OpenFence(kept) is { } fence)
            result.Append(fence).Append('\n');
        var open = Count(kept, "<details") - Count(kept, "</details>");
        for (var i = 0; i < Math.Min(open, 20); i++)
            result.Append("\n</details>");
        return result.Append(Told).ToString();
    }

    private static string Head(string text, int bytes)
    {
        var used = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes)
                break;
            end += rune.Utf16SequenceLength;
        }

        return text[..end];
    }

    private static int Count(string text, string what)
    {
        var count = 0;
        for (var at = text.IndexOf(what, StringComparison.Ordinal); at >= 0; at = text.IndexOf(what, at + what.Length, StringComparison.Ordinal))
            count++;
        return count;
    }
}
