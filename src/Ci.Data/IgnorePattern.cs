namespace Ci.Data;

/// <summary>One line of a <c>.dvcignore</c>, which are written as those of a <c>.gitignore</c>.</summary>
internal sealed class IgnorePattern
{
    private const int MaxLength = 4096;

    private readonly string folder;
    private readonly string glob;
    private readonly bool isForFolders;
    private readonly bool isAnchored;

    private IgnorePattern(string folder, string glob, bool isNegated, bool isForFolders)
    {
        this.folder = folder;
        this.IsNegated = isNegated;
        this.isForFolders = isForFolders;
        // A slash anywhere but at the end ties the pattern to its own folder; without one it holds at every depth below.
        this.isAnchored = glob.Contains('/', StringComparison.Ordinal);
        // Two asterisks mean folders only where they stand alone between slashes; elsewhere they are one.
        this.glob = string.Join('/', (glob.StartsWith('/') ? glob[1..] : glob).Split('/').Select(part => part == "**" ? part : OneAsterisk(part)));
    }

    /// <summary>What it matches is not ignored after all.</summary>
    public bool IsNegated { get; }

    /// <summary>Reads a line; null when it is blank or a comment.</summary>
    public static IgnorePattern? Read(string line, string folder, string where)
    {
        if (line.Length > MaxLength)
            throw new DataException($"{where}: a pattern of more than {MaxLength} characters");
        var text = line.TrimEnd('\r');
        while (text.EndsWith(' ') && !text.EndsWith("\\ ", StringComparison.Ordinal))
            text = text[..^1];
        if (text.Length == 0 || text[0] == '#')
            return null;
        var negated = text[0] == '!';
        text = negated ? text[1..] : text;
        var folders = text.EndsWith('/');
        text = folders ? text.TrimEnd('/') : text;
        return text.Length == 0 ? null : new IgnorePattern(folder, text, negated, folders);
    }

    private static string OneAsterisk(string part)
    {
        while (part.Contains("**", StringComparison.Ordinal))
            part = part.Replace("**", "*", StringComparison.Ordinal);
        return part;
    }

    public bool Matches(string path, bool isFolder)
    {
        if (this.isForFolders && !isFolder)
            return false;
        var text = this.isAnchored ? path.AsSpan(this.folder.Length + 1) : Path.GetFileName(path.AsSpan());
        return Matches(this.glob, text);
    }

    private static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> text)
    {
        while (glob.Length > 0)
        {
            switch (glob[0])
            {
                case '*' when glob.StartsWith("**/"):
                    return MatchesBelow(glob[3..], text);
                case '*' when glob is "**":
                    return text.Length > 0;
                case '*':
                    return MatchesStar(glob.TrimStart('*'), text);
                case '[' when glob.IndexOf(']') > 1:
                    var end = glob[2..].IndexOf(']') + 2;
                    if (text.Length == 0 || text[0] == '/' || !InClass(glob[1..end], text[0]))
                        return false;
                    glob = glob[end..];
                    break;
                case '?' when text.Length > 0 && text[0] != '/':
                    break;
                default:
                    if (glob[0] == '\\' && glob.Length > 1)
                        glob = glob[1..];
                    if (text.Length == 0 || glob[0] != text[0])
                        return false;
                    break;
            }

            glob = glob[1..];
            text = text[1..];
        }

        return text.Length == 0;
    }

    private static bool MatchesBelow(ReadOnlySpan<char> glob, ReadOnlySpan<char> text)
    {
        while (!Matches(glob, text))
        {
            var slash = text.IndexOf('/');
            if (slash < 0)
                return false;
            text = text[(slash + 1)..];
        }

        return true;
    }

    private static bool MatchesStar(ReadOnlySpan<char> rest, ReadOnlySpan<char> text)
    {
        while (!Matches(rest, text))
        {
            if (text.Length == 0 || text[0] == '/')
                return false;
            text = text[1..];
        }

        return true;
    }

    private static bool InClass(ReadOnlySpan<char> set, char c)
    {
        var negated = set[0] is '!' or '^';
        var found = false;
        for (var i = negated ? 1 : 0; i < set.Length; i++)
        {
            var to = i + 2 < set.Length && set[i + 1] == '-' ? set[i + 2] : set[i];
            found |= c >= set[i] && c <= to;
            if (to != set[i])
                i += 2;
        }

        return found != negated;
    }
}
