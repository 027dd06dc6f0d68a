using System.Text;

namespace Ci.Data.Files;

/// <summary>One folder during a walk.</summary>
internal sealed class FolderVisit(string path, byte[] relative, Hash128 key, FolderVisit? outer)
{
    // Deeper than any path may be long: only a link that leads to an ever new place could.
    private const int MostDepth = 1000;

    private readonly List<FolderVisit> inner = [];
    private readonly int depth = outer is null ? 0 : outer.depth + 1;
    private (ulong Device, long Inode) identity;

    public string Path { get; } = path;

    public FolderPart? Part { get; private set; }

    private FolderVisit? Outer => outer;

    public IReadOnlyList<FolderVisit> Inner => this.inner;

    public static DataException Broken(string path) =>
        new($"{path} is a symbolic link that leads nowhere; remove it, mend it, or pass it over by a line in {IgnoreRules.Name}");

    /// <summary>Ends the walk when this folder lies in itself.</summary>
    public void RefuseCircle()
    {
        if (OperatingSystem.IsLinux() && LinuxFiles.Look(this.Path) is { } status)
            this.identity = (status.Device, status.Stamp.Inode);
        for (var at = outer; at is not null && this.identity.Inode != 0; at = at.Outer)
        {
            if (at.identity == this.identity)
                throw new DataException($"{this.Path} is a symbolic link that leads back to {at.Path}, in which it lies; remove it, or pass it over by a line in {IgnoreRules.Name}");
        }

        if (this.depth > MostDepth)
            throw new DataException($"{this.Path}: folders nested deeper than {MostDepth}");
    }

    /// <summary>A folder in this one is to be visited, too.</summary>
    public void Enter(ReadOnlySpan<byte> name) =>
        this.inner.Add(new FolderVisit(System.IO.Path.Combine(this.Path, Encoding.UTF8.GetString(name)), [.. relative, .. name, (byte)'/'], FileKey.Of(key, name), this));

    public void Finish(byte[] names, FolderPart.Item[] items) => this.Part = new FolderPart(this.Path, relative, key, names, items);
}
