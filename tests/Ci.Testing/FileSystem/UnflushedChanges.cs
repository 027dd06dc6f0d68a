namespace Ci.Testing.FileSystem;

/// <summary>What a power cut would undo: bytes that no flush of their file, names that no flush of their folder has made durable.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class UnflushedChanges(string attic)
{
    private readonly HashSet<string> bytes = new(StringComparer.Ordinal);
    private readonly List<(string Folder, Action Undo)> names = [];
    private int kept;

    public void Made(string path)
    {
        this.bytes.Add(path);
        this.Named(path);
    }

    public void Named(string path) => this.names.Add((FolderOf(path), () => File.Delete(path)));

    public void MadeFolder(string path) => this.names.Add((FolderOf(path), () => Directory.Delete(path, recursive: true)));

    public void Rename(string from, string to, Action action)
    {
        var old = this.Keep(to);
        action();
        if (this.bytes.Remove(from))
            this.bytes.Add(to);
        else
            this.bytes.Remove(to);
        this.names.Add((FolderOf(to), () =>
        {
            if (File.Exists(to) && Directory.Exists(FolderOf(from)))
                File.Move(to, from, overwrite: true);
            if (old is not null)
                File.Move(old, to, overwrite: true);
        }));
    }

    public void Delete(string path, Action action)
    {
        var old = this.Keep(path);
        action();
        if (old is not null)
            this.names.Add((FolderOf(path), () => File.Move(old, path, overwrite: true)));
    }

    public void DeleteFolder(string path, Action action)
    {
        action();
        this.names.Add((FolderOf(path), () => Directory.CreateDirectory(path)));
    }

    public void Flushed(string path)
    {
        this.bytes.Remove(path);
        this.names.RemoveAll(n => n.Folder == path);
    }

    public void FlushedAll()
    {
        this.bytes.Clear();
        this.names.Clear();
    }

    public void Lose(bool names)
    {
        foreach (var path in this.bytes.Where(File.Exists))
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllBytes(path, []);
        }

        for (var i = this.names.Count - 1; i >= 0 && names; i--)
        {
            try
            {
                this.names[i].Undo();
            }
            catch (DirectoryNotFoundException)
            {
                // The folder that it lay in is gone already.
            }
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!;

    // A second name keeps the file.
    private string? Keep(string path)
    {
        if (!Path.Exists(path))
            return null;
        Directory.CreateDirectory(attic);
        var place = Path.Combine(attic, $"{this.kept++}");
        if (new FileInfo(path).LinkTarget is { } target)
            File.CreateSymbolicLink(place, target);
        else
            Ci.Storage.FileSystem.Disk.Real.TryLink(path, place, Ci.Storage.FileSystem.LinkType.Hardlink, UnixFileMode.None);
        return place;
    }
}
