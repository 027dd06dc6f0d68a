using System.Text;
using System.Text.RegularExpressions;

namespace Ci.Cli.Verbs;

/// <summary>Patterns over paths as Python's <c>glob</c> reads them: names that begin with a dot match only what begins with one.</summary>
internal static class GlobPattern
{
    private const int MostDepth = 100;

    /// <summary>What matches below a folder, relative to it (or absolute, as the pattern is), in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var root = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : folder;
        Walk(root, pattern.Split('/', StringSplitOptions.RemoveEmptyEntries), 0, 0, found);
        return [.. found.Select(path => Path.IsPathRooted(pattern) ? path : Path.GetRelativePath(folder, path))];
    }

    private static void Walk(string folder, string[] parts, int at, int depth, SortedSet<string> found)
    {
        if (at == parts.Length)
        {
            found.Add(folder);
            return;
        }

        var part = parts[at];
        if (part == "**")
        {
            Walk(folder, parts, at + 1, depth, found);
            foreach (var inner in Entries(folder, foldersOnly: true).Where(e => !Path.GetFileName(e).StartsWith('.') && depth < MostDepth))
                Walk(inner, parts, at, depth + 1, found);
            if (at == parts.Length - 1)
                found.UnionWith(Entries(folder, foldersOnly: false).Where(e => !Path.GetFileName(e).StartsWith('.')));
        }
        else if (part.AsSpan().ContainsAny("*?["))
        {
            var regex = new Regex(Expression(part), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
            foreach (var entry in Entries(folder, foldersOnly: at < parts.Length - 1).Where(e => Path.GetFileName(e) is var name && regex.IsMatch(name) && (part[0] == '.' || name[0] != '.')))
                Walk(entry, parts, at + 1, depth, found);
        }
        else if (Path.GetFullPath(part, folder) is var next && Path.Exists(next))
            Walk(next, parts, at + 1, depth, found);
    }

    private static IEnumerable<string> Entries(string folder, bool foldersOnly) =>
        !Directory.Exists(folder) ? [] : foldersOnly ? Directory.EnumerateDirectories(folder) : Directory.EnumerateFileSystemEntries(folder);

    private static string Expression(string part)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < part.Length; i++)
        {
            var end = part[i] == '[' ? part.IndexOf(']', Math.Min(i + 2, part.Length)) : -1;
            if (end > 0)
            {
                var set = part[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
                text.Append('[').Append(set[0] == '!' ? "^" + set[1..] : set[0] == '^' ? "\\" + set : set).Append(']');
                i = end;
            }
            else
                text.Append(part[i] switch { '*' => ".*", '?' => ".", var c => Regex.Escape(c.ToString()) });
        }

        return text.Append('$').ToString();
    }
}
