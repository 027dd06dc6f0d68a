namespace Ci.Forges;

/// <summary>Just enough Markdown to know which lines are code. https://spec.commonmark.org/0.31.2/#fenced-code-blocks</summary>
internal static class MarkdownLines
{
    /// <summary>Lines with their start, and whether they stand in (or delimit) a fenced code block.</summary>
    public static IEnumerable<(int Start, string Line, bool IsCode)> Of(string markdown)
    {
        string? fence = null;
        for (var start = 0; start < markdown.Length;)
        {
            var end = markdown.IndexOf('\n', start);
            var next = end < 0 ? markdown.Length : end + 1;
            var line = markdown[start..(end < 0 ? markdown.Length : end)].TrimEnd('\r');
            var before = fence;
            fence = After(line, fence);
            yield return (start, line, before is not null || fence is not null);
            start = next;
        }
    }

    /// <summary>The closing fence that the text still waits for; null where none is open.</summary>
    public static string? OpenFence(string markdown)
    {
        string? fence = null;
        foreach (var line in markdown.Split('\n'))
            fence = After(line.TrimEnd('\r'), fence);
        return fence;
    }

    private static string? After(string line, string? fence)
    {
        var text = line.TrimStart(' ');
        if (line.Length - text.Length > 3)
            return fence;
        if (fence is not null)
        {
            var closing = text.TrimEnd(' ', '\t');
            return closing.Length >= fence.Length && closing.All(c => c == fence[0]) ? null : fence;
        }

        if (!text.StartsWith("```", StringComparison.Ordinal) && !text.StartsWith("~~~", StringComparison.Ordinal))
            return null;
        var length = text.TakeWhile(c => c == text[0]).Count();
        // A backtick fence has no backtick after it: that would be inline code.
        return text[0] == '`' && text.AsSpan(length).Contains('`') ? null : new string(text[0], length);
    }
}
