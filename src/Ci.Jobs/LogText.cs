namespace Ci.Jobs;

/// <summary>Text from outside on its way into a job's log, where runners look for commands.</summary>
public static class LogText
{
    // Invisible: parts what would be a command, and leaves it readable.
    private const string Joiner = "\u2060";

    /// <summary>
    /// One line that no runner takes for a command: <c>::command::</c> at a line's start and <c>##[command]</c> anywhere (GitHub Actions),
    /// control characters and with them <c>section_start:</c> (GitLab CI).
    /// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    /// </summary>
    /// <param name="text">From outside; null is nothing.</param>
    /// <param name="longest">Characters that are kept; where there are more, an ellipsis says so.</param>
    public static string Line(string? text, int longest = int.MaxValue)
    {
        var cut = text?.Length > longest ? text[..longest] + "…" : text;
        var line = new string([.. (cut ?? "").Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);
        return line.Replace("##[", $"##{Joiner}[", StringComparison.Ordinal).Replace("::", $":{Joiner}:", StringComparison.Ordinal);
    }
}
