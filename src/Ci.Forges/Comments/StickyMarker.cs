using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ci.Forges;

/// <summary>
/// The hidden line by which we know our own comments again. It counts only at the start of a line, outside quotes, code and comments of
/// HTML: a person who quotes us does not become us.
/// </summary>
internal sealed record StickyMarker(string Key, string Hash, StickyStamp Stamp)
{
    private const string Start = "<!-- mlops.comment/v1 ";
    private const string End = " -->";

    /// <summary>Keys stand in an HTML comment: letters, digits and ". _ / -", no "--", at most 100.</summary>
    public static bool IsKey(string key) =>
        key.Length is > 0 and <= 100 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-')
        && !key.Contains("--", StringComparison.Ordinal);

    /// <summary>Of the text without the marker, indifferent to line endings and trailing blank lines, which forges change.</summary>
    public static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").TrimEnd())))[..32];

    /// <summary>The body as it is posted: the marker's line, then the text.</summary>
    public static string Mark(string key, string text, StickyStamp stamp) =>
        $"{new StickyMarker(key, HashOf(text), stamp)}\n{text}";

    /// <summary>The first marker of a comment with the text around it; null where there is none.</summary>
    public static (StickyMarker Marker, string Text)? Find(string body)
    {
        var inside = false;
        foreach (var (start, line, isCode) in MarkdownLines.Of(body))
        {
            var before = inside;
            inside = IsOpenAfter(line, inside);
            if (before || isCode || Parse(line) is not { } marker)
                continue;
            var after = Math.Min(body.Length, body.IndexOf('\n', start) is var end and >= 0 ? end + 1 : body.Length);
            return (marker, body[..start] + body[after..]);
        }

        return null;
    }

    public override string ToString() =>
        $"{Start}key={this.Key} hash={this.Hash} head={this.Stamp.HeadSha} run={this.Stamp.RunId} attempt={this.Stamp.RunAttempt}{End}";

    // A comment of HTML ends at the first "-->", however many began before it.
    private static bool IsOpenAfter(string line, bool inside)
    {
        for (var at = 0; at >= 0;)
        {
            var next = line.IndexOf(inside ? "-->" : "<!--", at, StringComparison.Ordinal);
            if (next < 0)
                break;
            (inside, at) = (!inside, next + 3);
        }

        return inside;
    }

    private static StickyMarker? Parse(string line)
    {
        if (line.Length > 1000 || !line.StartsWith(Start, StringComparison.Ordinal) || !line.TrimEnd().EndsWith(End, StringComparison.Ordinal))
            return null;
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fact in line.TrimEnd()[Start.Length..^End.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (fact.Split('=', 2) is not [var name, var value] || !facts.TryAdd(name, value))
                return null;
        }

        return facts.GetValueOrDefault("key") is { } key && IsKey(key)
            && facts.GetValueOrDefault("hash") is { } hash
            && long.TryParse(facts.GetValueOrDefault("run"), NumberStyles.None, CultureInfo.InvariantCulture, out var run)
            && int.TryParse(facts.GetValueOrDefault("attempt"), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? new StickyMarker(key, hash, new StickyStamp(facts.GetValueOrDefault("head") ?? "", run, attempt))
            : null;
    }
}
