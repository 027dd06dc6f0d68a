using Ci.Data;

namespace Ci.Pipelines.Revisions;

/// <summary>What <c>diff</c> shows: how data differs between two views.</summary>
public static class DataDiff
{
    /// <summary>Every difference, by kind and path.</summary>
    /// <param name="old">Before.</param>
    /// <param name="now">After.</param>
    /// <param name="cache">Asked which recorded data it lacks; null: that is not asked.</param>
    public static IReadOnlyList<DataChange> Of(DataIndex old, DataIndex now, ObjectCache? cache)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(now);
        var changes = new List<DataChange>();
        var added = new List<DataChange>();
        var deleted = new List<DataChange>();
        foreach (var path in old.Entries.Keys.Union(now.Entries.Keys, StringComparer.Ordinal))
        {
            var (before, after) = (old.Entries.GetValueOrDefault(path), now.Entries.GetValueOrDefault(path));
            if (before is null && !old.IsUnknown(path))
                added.Add(new DataChange(DataChangeKind.Added, Shown(path, after!), null, after));
            else if (after is null && before is not null && !now.IsUnknown(path))
                deleted.Add(new DataChange(DataChangeKind.Deleted, Shown(path, before), before, null));
            else if (before is not null && after is not null && before != after)
                changes.Add(new DataChange(DataChangeKind.Modified, Shown(path, before), before, after));
            if (cache is not null && before is not null && !File.Exists(cache.PathOf(before)))
                changes.Add(new DataChange(DataChangeKind.NotInCache, Shown(path, before), before, null));
        }

        changes.AddRange(Renamed(added, deleted));
        return [.. changes.OrderBy(c => c.Kind).ThenBy(c => c.Path, PythonText.Order)];
    }

    // What went away here and came up there with the same content was renamed; of several, the first by path goes to the first.
    private static IEnumerable<DataChange> Renamed(List<DataChange> added, List<DataChange> deleted)
    {
        var gone = deleted.OrderBy(d => d.Path, PythonText.Order).GroupBy(d => d.Old!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new Queue<DataChange>(g), StringComparer.Ordinal);
        foreach (var change in added.OrderBy(a => a.Path, PythonText.Order))
        {
            yield return gone.GetValueOrDefault(change.New!) is { Count: > 0 } from
                ? from.Dequeue() with { Kind = DataChangeKind.Renamed, New = change.New, NewPath = change.Path }
                : change;
        }

        foreach (var change in gone.Values.SelectMany(queue => queue))
            yield return change;
    }

    private static string Shown(string path, string md5) => md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal) ? path + "/" : path;
}
