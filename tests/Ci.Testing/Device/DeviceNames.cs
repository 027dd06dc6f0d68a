namespace Ci.Testing.Device;

/// <summary>
/// The folders of a disk: names as programs see them, as the medium has them, and the changes between the two, each belonging to the folder
/// whose sync makes it durable. A rename inside one folder is one change; one between folders is two.
/// </summary>
internal sealed class DeviceNames
{
    private List<Change> unsynced = [];

    /// <summary>Full path to file; folders have null.</summary>
    public SortedDictionary<string, DeviceNode?> Visible { get; private set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, DeviceNode?> Durable { get; private init; } = new(StringComparer.Ordinal);

    public void Add(string path, DeviceNode? node) => Make(new Change(FolderOf(path), null, path, node));

    public void Remove(string path) => Make(new Change(FolderOf(path), path, null, null));

    public void Rename(string from, string to)
    {
        var node = Visible[from];
        if (FolderOf(from) == FolderOf(to))
        {
            Make(new Change(FolderOf(to), from, to, node));
            return;
        }

        Make(new Change(FolderOf(to), null, to, node));
        Make(new Change(FolderOf(from), from, null, null));
    }

    public void Sync(string folder)
    {
        foreach (var change in unsynced.Where(c => c.Folder == folder))
            change.Apply(Durable);
        unsynced.RemoveAll(c => c.Folder == folder);
    }

    /// <summary>A way back to how they are now.</summary>
    public Action Save()
    {
        var (visible, changes) = (new SortedDictionary<string, DeviceNode?>(Visible, StringComparer.Ordinal), unsynced.ToList());
        return () => (Visible, unsynced) = (visible, changes);
    }

    /// <summary>A copy with files copied by <paramref name="copy"/>; one file under two names stays one.</summary>
    public DeviceNames Copy(Func<DeviceNode, DeviceNode> copy)
    {
        var copies = new Dictionary<DeviceNode, DeviceNode>(ReferenceEqualityComparer.Instance);
        DeviceNode? Of(DeviceNode? node) => node is null ? null : copies.TryGetValue(node, out var known) ? known : copies[node] = copy(node);
        return new DeviceNames { Visible = Copied(Visible, Of), Durable = Copied(Durable, Of), unsynced = [.. unsynced.Select(c => c with { Node = Of(c.Node) })] };
    }

    /// <summary>The names after the power came back; what lies in a folder that is not there is not there.</summary>
    public DeviceNames AfterPowerCut(Func<bool> keepsName, Func<DeviceNode, DeviceNode> restore)
    {
        var left = new SortedDictionary<string, DeviceNode?>(Durable, StringComparer.Ordinal);
        foreach (var change in unsynced.Where(_ => keepsName()))
            change.Apply(left);
        foreach (var path in left.Keys.Where(p => !IsReachable(left, p)).ToList())
            left.Remove(path);
        return new DeviceNames { Visible = left, Durable = new SortedDictionary<string, DeviceNode?>(left, StringComparer.Ordinal) }.Copy(restore);
    }

    public static string FolderOf(string path) => System.IO.Path.GetDirectoryName(path)!;

    private static bool IsReachable(SortedDictionary<string, DeviceNode?> names, string path)
    {
        for (var folder = FolderOf(path); folder != "/"; folder = FolderOf(folder))
        {
            if (!names.TryGetValue(folder, out var node) || node is not null)
                return false;
        }

        return true;
    }

    private static SortedDictionary<string, DeviceNode?> Copied(SortedDictionary<string, DeviceNode?> from, Func<DeviceNode?, DeviceNode?> of)
    {
        var result = new SortedDictionary<string, DeviceNode?>(StringComparer.Ordinal);
        foreach (var (path, node) in from)
            result.Add(path, of(node));
        return result;
    }

    private void Make(Change change)
    {
        change.Apply(Visible);
        unsynced.Add(change);
    }

    private sealed record Change(string Folder, string? From, string? To, DeviceNode? Node)
    {
        public void Apply(SortedDictionary<string, DeviceNode?> names)
        {
            if (From is not null)
                names.Remove(From);
            if (To is not null)
                names[To] = Node;
        }
    }
}
