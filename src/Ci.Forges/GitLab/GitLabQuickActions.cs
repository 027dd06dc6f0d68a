using System.Text;

namespace Ci.Forges.GitLab;

/// <summary>
/// Lines such as "/merge" or "/close", which GitLab carries out as whoever posts them, and takes out of the text. What we post are texts,
/// some of them strangers': a backslash, which Markdown does not show, leaves them one. https://docs.gitlab.com/user/project/quick_actions/
/// </summary>
internal static class GitLabQuickActions
{
    public static string Quiet(string body)
    {
        if (!body.Contains('/', StringComparison.Ordinal))
            return body;
        var result = new StringBuilder(body.Length + 8);
        var at = 0;
        foreach (var (start, line, isCode) in MarkdownLines.Of(body))
        {
            // Four spaces make it code, which is no command.
            var indent = line.Length - line.TrimStart(' ').Length;
            if (isCode || indent > 3 || line.Length < indent + 2 || line[indent] != '/' || !char.IsAsciiLetter(line[indent + 1]))
                continue;
            result.Append(body, at, start + indent - at).Append('\\');
            at = start + indent;
        }

        return result.Append(body, at, body.Length - at).ToString();
    }
}
