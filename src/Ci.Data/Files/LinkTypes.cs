using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>
/// How the workspace gets the bytes of objects: the kinds that <c>cache.type</c> names, in its order, the first that works here. What
/// shares its bytes with the cache is read-only, since writing into it would damage the object.
/// </summary>
internal sealed class LinkTypes
{
    private static readonly LinkType[] Usual = [LinkType.Reflink, LinkType.Copy];

    private readonly LinkType[] wanted;
    private volatile int current;

    private LinkTypes(LinkType[] wanted) => this.wanted = wanted;

    /// <summary>Workspace and cache are to share one file.</summary>
    public bool Shares => this.wanted[0] is LinkType.Hardlink or LinkType.Symlink
        || (this.wanted.Length > 1 && this.wanted[0] == LinkType.Reflink && this.wanted[1] is LinkType.Hardlink or LinkType.Symlink);

    /// <summary>Reads the setting.</summary>
    /// <exception cref="ProjectConfigException">It names something else.</exception>
    public static LinkTypes Read(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return new LinkTypes(Usual);
        return new LinkTypes([.. setting.Split(',', StringSplitOptions.TrimEntries).Select(word => word switch
        {
            "reflink" => LinkType.Reflink,
            "hardlink" => LinkType.Hardlink,
            "symlink" => LinkType.Symlink,
            "copy" => LinkType.Copy,
            _ => throw new ProjectConfigException($"`cache.type = {setting}`: unknown type `{word}`{NearNames.Hint(word, ["reflink", "hardlink", "symlink", "copy"])}; known are reflink, hardlink, symlink, copy"),
        })]);
    }

    /// <summary>Puts an object's bytes at a free place.</summary>
    /// <param name="source">The object.</param>
    /// <param name="path">Where.</param>
    /// <param name="executable">It is to be run: then it cannot be the object itself, which may not be.</param>
    /// <exception cref="DataException">None of the kinds works here.</exception>
    public void Make(string source, string path, bool executable)
    {
        var disk = Disk.Current;
        var mode = executable ? Disk.Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Disk.Plain;
        for (var i = this.current; i < this.wanted.Length; i++)
        {
            var type = executable && this.wanted[i] is LinkType.Hardlink or LinkType.Symlink ? LinkType.Copy : this.wanted[i];
            if (type != LinkType.Copy && !disk.TryLink(source, path, type, mode))
                continue;
            if (type == LinkType.Copy)
                disk.Copy(source, path, mode);
            // What did not work once will not work for the next file either.
            this.current = executable ? this.current : i;
            return;
        }

        throw new DataException($"{path} cannot be linked to {source}: none of cache.type = {string.Join(',', this.wanted).ToLowerInvariant()} works between the two; add `copy`");
    }
}
