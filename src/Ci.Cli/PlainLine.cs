namespace Ci.Cli;

/// <summary>Text from outside, fit for a line of a log: no control characters, no new line that a CI service would take for a command.</summary>
internal static class PlainLine
{
    /// <summary>The text without control characters, cut to a length; <c>::commands</c> and <c>##[commands]</c> at its start are broken up.</summary>
    public static string Of(string text, int longest)
    {
        var cut = text.Length > longest ? text[..longest] + "…" : text;
        var line = string.Create(cut.Length, cut, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        });
        return line.StartsWith("::", StringComparison.Ordinal) || line.StartsWith("##", StringComparison.Ordinal) ? "'" + line : line;
    }
}
