namespace Ci.Testing.Device;

/// <summary>
/// A device's disk in memory, as honest as a bad day: bytes that were not synced may be lost or torn at any sector, names are not durable until
/// their folder is synced, what was not synced is kept in any order, a failed sync loses what it should have written. Every change is numbered,
/// and <see cref="Before"/> may stop the disk there. Paths are absolute, with <c>/</c>. Not thread-safe.
/// </summary>
public sealed class DeviceDisk
{
    private readonly DeviceNames names;
    private readonly long capacity;
    private readonly HashSet<string> unsynced = new(StringComparer.Ordinal);
    private bool isDead;

    public DeviceDisk(long capacity = 64L << 20)
        : this(new DeviceNames(), capacity)
    {
    }

    private DeviceDisk(DeviceNames names, long capacity) => (this.names, this.capacity) = (names, capacity);

    /// <summary>Called before every change. Returns what goes wrong there; null for nothing.</summary>
    public Func<DiskOperation, DiskFault?>? Before { get; set; }

    /// <summary>Called after every change that was done.</summary>
    public Action<DiskOperation>? After { get; set; }

    /// <summary>Called before a change that can be torn, with a copy of the disk where it was.</summary>
    public Action<DiskOperation, DeviceDisk>? Torn { get; set; }

    /// <summary>Called before a file is read; it may throw an <see cref="IOException"/>.</summary>
    public Action<string>? Reading { get; set; }

    /// <summary>How many changes were begun.</summary>
    public int Operations { get; private set; }

    /// <summary>Bytes written, for tests of wear.</summary>
    public long WrittenBytes { get; private set; }

    public long FreeBytes => Math.Max(0, capacity - names.Visible.Values.Sum(n => (long)(n?.Visible.Length ?? 0)));

    public IReadOnlyList<string> Files => [.. names.Visible.Where(n => n.Value is not null).Select(n => n.Key)];

    public long? Length(string path) => Alive(names).Visible.GetValueOrDefault(path)?.Visible.Length;

    public byte[] Read(string path)
    {
        Reading?.Invoke(path);
        return Find(path).Visible;
    }

    public IReadOnlyList<string> List(string folder) =>
        [.. Alive(names).Visible.Where(n => n.Value is not null && n.Key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(n => n.Key)];

    /// <summary>Makes the file, and its folder, where they are missing. The handle stays with the file whatever its name becomes.</summary>
    public DeviceHandle Open(string path)
    {
        MakeFolder(DeviceNames.FolderOf(path));
        if (!Alive(names).Visible.ContainsKey(path))
            Do(DiskOperationKind.Create, path, () => names.Add(path, new DeviceNode()));
        return new DeviceHandle(this, path, Find(path));
    }

    /// <summary>Makes a folder and those above it, and syncs each one's name; where that failed it is done again (what the agent's own disk does).</summary>
    public void MakeFolder(string folder)
    {
        if (folder == "/" || (Alive(names).Visible.ContainsKey(folder) && !unsynced.Contains(folder)))
            return;
        MakeFolder(DeviceNames.FolderOf(folder));
        if (unsynced.Add(folder))
            Do(DiskOperationKind.MakeFolder, folder, () => names.Add(folder, null), failed: () => unsynced.Remove(folder));
        SyncFolder(DeviceNames.FolderOf(folder));
        unsynced.Remove(folder);
    }

    public void Rename(string from, string to)
    {
        MakeFolder(DeviceNames.FolderOf(to));
        var node = Find(from);
        Do(DiskOperationKind.Rename, to, () => names.Rename(from, to), DeviceNames.FolderOf(from) == DeviceNames.FolderOf(to) ? null : new Half(() => names.Add(to, node), names.Save));
    }

    public void SyncFolder(string folder) => Do(DiskOperationKind.SyncFolder, folder, () => names.Sync(folder));

    public void Delete(string path)
    {
        if (Length(path) is not null)
            Do(DiskOperationKind.Delete, path, () => names.Remove(path));
    }

    /// <summary>The disk as it is, for another life.</summary>
    public DeviceDisk Copy() => new(names.Copy(node => node.Copy()), capacity);

    /// <summary>The disk as the next start of the device finds it.</summary>
    public DeviceDisk AfterCut(CutKind kind, int seed)
    {
        var random = new Random(seed);
        bool Sometimes() => random.Next(2) == 0;
        return kind switch
        {
            CutKind.AllLost => Restored(() => false, null),
            CutKind.BytesLost => Restored(() => true, null),
            CutKind.NamesLost => Restored(() => false, () => true),
            CutKind.SomeLost => Restored(Sometimes, Sometimes),
            _ => Copy(),
        };
    }

    internal void Change(DeviceHandle handle, DiskOperationKind kind, long offset, byte[] bytes)
    {
        var node = handle.Node;
        switch (kind)
        {
            case DiskOperationKind.Write:
                if (Math.Max(0, offset + bytes.Length - node.Visible.Length) > FreeBytes)
                    throw DeviceErrors.Full(handle.Path);
                Do(kind, handle.Path, () => node.Write(offset, bytes), new Half(() => node.Write(offset, bytes.AsSpan(0, bytes.Length / 2)), node.Save));
                WrittenBytes += bytes.Length;
                break;
            case DiskOperationKind.Truncate:
                Do(kind, handle.Path, () => node.Truncate(offset));
                break;
            default:
                Do(kind, handle.Path, node.Sync, failed: node.Forget);
                break;
        }
    }

    private DeviceDisk Restored(Func<bool> keepsName, Func<bool>? keepsSector) => new(names.AfterPowerCut(keepsName, node => node.AfterPowerCut(keepsSector)), capacity);

    private void Do(DiskOperationKind kind, string path, Action real, Half? half = null, Action? failed = null)
    {
        Alive(names);
        var operation = new DiskOperation(Operations++, kind, path);
        if (Torn is not null && half is not null)
        {
            var undo = half.Save();
            half.Make();
            Torn(operation, Copy());
            undo();
        }

        switch (Before?.Invoke(operation))
        {
            case DiskFault.Cut cut:
                (cut.Kind switch { CutKind.Before => null, CutKind.Torn => half?.Make, _ => real })?.Invoke();
                isDead = true;
                throw new PowerCutException();
            case DiskFault.Error { Halfway: var halfway } error:
                (halfway ? half?.Make : null)?.Invoke();
                failed?.Invoke();
                throw error.Of(path);
            default:
                real();
                After?.Invoke(operation);
                break;
        }
    }

    private DeviceNode Find(string path) => Alive(names).Visible.GetValueOrDefault(path) ?? throw new FileNotFoundException($"there is no {path}", path);

    private sealed record Half(Action Make, Func<Action> Save);

    private DeviceNames Alive(DeviceNames value) => isDead ? throw new PowerCutException() : value;
}
