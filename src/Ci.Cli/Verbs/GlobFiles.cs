using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary>Finds files by patterns over paths as Python's <c>glob</c> reads them: names that begin with a dot match only what begins with one.</summary>
internal static class GlobFiles
{
    private const int MostDepth = 100;

    /// <summary>What matches below a folder, relative to it (or absolute, as the pattern is), in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var root = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : folder;
        Walk(root, pattern.Split('/', StringSplitOptions.RemoveEmptyEntries), 0, 0, found);
        // The folder itself is not found in itself; a slash at the end asks for folders.
        found.Remove(root);
        if (pattern.EndsWith('/'))
            found.RemoveWhere(path => !Directory.Exists(path));
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
        else if (ShellPattern.IsOne(part))
        {
            var names = new ShellPattern(part, ShellPatternRules.Name);
            foreach (var entry in Entries(folder, foldersOnly: at < parts.Length - 1).Where(e => Path.GetFileName(e) is var name && names.Matches(name) && (part[0] == '.' || name[0] != '.')))
                Walk(entry, parts, at + 1, depth, found);
        }
        else if (Path.GetFullPath(part, folder) is var next && Path.Exists(next))
            Walk(next, parts, at + 1, depth, found);
    }

    private static IEnumerable<string> Entries(string folder, bool foldersOnly) =>
        !Directory.Exists(folder) ? [] : foldersOnly ? Directory.EnumerateDirectories(folder) : Directory.EnumerateFileSystemEntries(folder);
}
