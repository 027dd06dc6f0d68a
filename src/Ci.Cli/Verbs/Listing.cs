using Ci.Data;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

/// <summary>Files with whole paths, as the lines of a listing: down to a depth, what lies deeper as its folder.</summary>
internal static class Listing
{
    /// <summary>The lines, ordered by path.</summary>
    /// <param name="entries">All there is.</param>
    /// <param name="depth">1: one level; null: all the way.</param>
    /// <param name="keepFolders">Folders get lines of their own, too.</param>
    /// <param name="name">What the only entry is called when a single file was asked for.</param>
    public static IReadOnlyList<ListingLine> Of(IReadOnlyList<UpstreamEntry> entries, int? depth, bool keepFolders, string name)
    {
        if (entries is [{ Path: "" } single])
            return [new ListingLine(single with { Path = name }, 1)];
        var lines = new SortedDictionary<string, ListingLine>(PythonText.Order);
        foreach (var entry in entries)
        {
            var parts = entry.Path.Split('/');
            for (var level = 1; level < parts.Length && (depth is null || level <= depth); level++)
            {
                if (keepFolders || level == depth)
                    Folder(lines, string.Join('/', parts.Take(level)), level, entry);
            }

            if (depth is null || parts.Length <= depth)
                lines[entry.Path] = new ListingLine(entry, parts.Length);
        }

        return [.. lines.Values];
    }

    /// <summary>The lines with the branches of a tree before their names.</summary>
    public static IEnumerable<(UpstreamEntry Entry, string Text)> Tree(IReadOnlyList<ListingLine> lines)
    {
        // Folders stand before what is in them, whatever other characters come before '/'.
        var ordered = lines.OrderBy(l => l.Entry.Path.Split('/'), Comparer<string[]>.Create(ByParts)).ToList();
        var open = new List<bool>();
        for (var i = 0; i < ordered.Count; i++)
        {
            var (entry, depth) = ordered[i];
            var next = ordered.Skip(i + 1).TakeWhile(l => l.Depth >= depth).Any(l => l.Depth == depth);
            open.RemoveRange(Math.Min(open.Count, depth - 1), Math.Max(0, open.Count - (depth - 1)));
            var lead = string.Concat(open.Select(more => more ? "│   " : "    "));
            open.Add(next);
            yield return (entry, $"{lead}{(next ? "├── " : "└── ")}{entry.Path[(entry.Path.LastIndexOf('/') + 1)..]}");
        }
    }

    private static void Folder(SortedDictionary<string, ListingLine> lines, string path, int level, UpstreamEntry inside)
    {
        // A folder of which data is all that is known is data, too.
        var isOutput = inside.IsOutput && (!lines.TryGetValue(path, out var known) || known.Entry.IsOutput);
        if (!lines.TryGetValue(path, out var before) || !before.Entry.IsFolder || before.Entry.Md5 is null)
            lines[path] = new ListingLine(new UpstreamEntry(path, null, null, isOutput, IsFolder: true, IsExecutable: false, null), level);
    }

    private static int ByParts(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (PythonText.Compare(a[i], b[i]) is not 0 and var order)
                return order;
        }

        return a.Length.CompareTo(b.Length);
    }
}
