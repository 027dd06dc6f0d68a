using Ci.Data.Files;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>The files that people see: their digests, taking them into the cache, and putting them back.</summary>
public sealed class Workspace(Project project)
{
    private readonly FolderDigests folders = new(project);
    private readonly Lazy<LinkTypes> links = new(() => LinkTypes.Read(project.Config["cache.type"]));

    /// <summary>Hears of names inside of a folder that is taken into the cache that differ in case only, by their paths below it.</summary>
    public Action<string, CaseCollision>? TellOfCase { get; set; }

    /// <summary>The digest of a file or folder; null when there is neither.</summary>
    /// <exception cref="DataException">Something in the folder can be no data: a named pipe, a broken link, a name that is not UTF-8.</exception>
    public Digest? DigestOf(string path)
    {
        if (Directory.Exists(path))
            return this.folders.Of(new FolderWalk(project.Ignore).Of(path));
        if (FileStamp.Of(path) is null)
            return null;
        var (stamp, md5) = project.State.DigestOf(path);
        return new Digest(md5, stamp.Size, null, stamp.IsExecutable);
    }

    /// <summary>A folder's files with their digests, as <see cref="DigestOf(string)"/> sees them; null when there is no folder.</summary>
    public DirectoryListing? ListingOf(string path)
    {
        if (!Directory.Exists(path))
            return null;
        using var bytes = new MemoryStream();
        ListingWriter.Write(this.folders.Read(new FolderWalk(project.Ignore).Of(path)), bytes);
        return DirectoryListing.Read(bytes.ToArray(), project.Shown(path));
    }

    /// <summary>As <see cref="DigestOf(string)"/>; content that DVC 2 gave a digest and that is still the same keeps it.</summary>
    public Digest? DigestOf(string path, Digest? then) => then is { IsLegacy: true } ? LegacyDigests.Of(project, path, then) : this.DigestOf(path);

    /// <summary>As <see cref="Save(string, bool)"/>; content that DVC 2 gave a digest and that is still the same keeps it.</summary>
    public Digest Save(string path, Digest? then, bool relink = true)
    {
        if (then is not { IsLegacy: true } || this.DigestOf(path, then) is not { } now || now.Md5 != then.Md5)
            return this.Save(path, relink);
        LegacyDigests.Keep(project, path, then.Md5);
        return now;
    }

    /// <summary>Takes what lies there into the cache, durably.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="relink">Whether the workspace's file may become a link to the object, where <c>cache.type</c> asks for links.</param>
    /// <exception cref="DataException">Nothing lies there, or <c>.dvcignore</c> passes it over.</exception>
    public Digest Save(string path, bool relink = true)
    {
        var isFolder = Directory.Exists(path);
        if (!isFolder && FileStamp.Of(path) is null)
            throw this.Unusable(path);
        if (project.Ignore.IgnoresAnywhere(path, isFolder))
            throw new DataException($"`{project.Shown(path)}` is passed over by a pattern in {IgnoreRules.Name}; change the pattern or track something else");
        var shares = relink && this.links.Value.Shares;
        using var batch = project.Cache.NewBatch();
        var intake = new FileIntake(batch, shares);
        if (!isFolder)
            return this.SaveFile(path, batch, intake, shares);
        var tree = new FolderWalk(project.Ignore).Of(path);
        if (!shares && this.folders.Known(tree) is { } known && project.Cache.Lists(known.Md5))
            return known;
        if (this.TellOfCase is { } tell && tree.FindCaseCollision() is { } collision)
            tell(path, collision);
        var digest = this.folders.Save(tree, batch, intake);
        if (shares)
            new FolderLinks(project, this.links.Value).Relink(tree);
        return digest;
    }

    /// <summary>Takes one file or folder inside of a tracked folder into the cache, durably; what is recorded of the rest of it stays as it was.</summary>
    /// <returns>The digest of the tracked folder.</returns>
    /// <exception cref="MissingDataException">What the folder was is not in the cache.</exception>
    public Digest SaveInside(string folder, Digest then, string path)
    {
        ArgumentNullException.ThrowIfNull(then);
        return new FolderUpdate(project).Put(folder, then, path, this.Save(path));
    }

    /// <summary>
    /// Makes the path be what the digest says, from the cache. Returns what was done. Content that is nowhere else is not overwritten
    /// unless forced.
    /// </summary>
    /// <exception cref="MissingDataException">The cache lacks it; nothing was changed.</exception>
    public Change Restore(string path, Digest digest, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(digest);
        var now = this.DigestOf(path, digest);
        if (now?.Md5 == digest.Md5)
            return SetExecutable(path, now, digest);
        var listing = digest.IsFolder && project.Cache.Has(digest.Md5) ? project.Cache.ReadListing(digest.Md5) : null;
        if (digest.IsFolder ? listing is null || !project.Cache.HasEach(listing) : !project.Cache.Has(digest.Md5))
            throw new MissingDataException($"`{project.Shown(path)}` is not in the cache; get it with `mlops pull`", [path]);
        if (now is not null && !force && !this.IsSafe(path, now))
            throw new DataException($"`{project.Shown(path)}` was changed and that content is nowhere else; keep it with `mlops commit` or drop it with `mlops checkout --force`");
        if (listing is not null)
            new FolderRestore(project, this.links.Value).Restore(path, listing);
        else
            new FolderRestore(project, this.links.Value).RestoreFile(path, digest.Md5, digest.IsExecutable);
        return now is null ? Change.Added : Change.Modified;
    }

    /// <summary>Makes the path the kind of link that <c>cache.type</c> asks for, its content staying as it is.</summary>
    /// <returns>Whether there was anything to link: what is not in the cache is left alone.</returns>
    public bool Relink(string path)
    {
        if (this.DigestOf(path) is not { } now || !project.Cache.HasAll(now.Md5))
            return false;
        if (now.IsFolder)
            new FolderLinks(project, this.links.Value).Relink(this.folders.Read(new FolderWalk(project.Ignore).Of(path)));
        else
            new FolderLinks(project, this.links.Value).Relink(path, Md5Text.Parse(now.Md5), now.IsExecutable);
        return true;
    }

    /// <summary>Gives files that share their bytes with the cache bytes of their own, which may be written to.</summary>
    /// <returns>How many files were changed.</returns>
    public int Unprotect(string path)
    {
        if (Directory.Exists(path))
            return new FolderWalk(project.Ignore).Of(path).Files.Sum(f => FolderLinks.Unprotect(f.Part.PathOf(f.Item)));
        return FileStamp.Of(path) is not null ? FolderLinks.Unprotect(path) : throw this.Unusable(path);
    }

    /// <summary>Removes a file or folder; what is not there is removed already.</summary>
    public void Remove(string path)
    {
        if (!project.Contains(path) || path == project.Root)
            throw new DataException($"`{path}` is outside of the project; mlops removes nothing there");
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
            DurableFiles.DeleteDirectory(path);
        else
            Disk.Current.Delete(path);
    }

    // The bit is part of what was recorded; one that appeared since is nobody's loss.
    private static Change SetExecutable(string path, Digest now, Digest then)
    {
        if (!then.IsExecutable || now.IsExecutable || OperatingSystem.IsWindows())
            return Change.None;
        Disk.Current.SetMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return Change.Modified;
    }

    private Digest SaveFile(string path, ObjectBatch batch, FileIntake intake, bool shares)
    {
        var key = FileKey.Of(path);
        var stamp = FileStamp.Of(path)!.Value;
        if (!project.State.TryFind(key, stamp, out var md5) || !batch.Contains(md5))
        {
            (stamp, md5) = intake.Take(path);
            batch.Commit();
            project.State.Remember(key, stamp, md5);
        }

        if (shares)
            new FolderLinks(project, this.links.Value).Relink(path, md5, stamp.IsExecutable);
        return new Digest(Md5Text.Of(md5), stamp.Size, null, stamp.IsExecutable);
    }

    private DataException Unusable(string path)
    {
        var shown = project.Shown(path);
        if (OperatingSystem.IsLinux() && LinuxFiles.Look(path) is { } status)
            return new DataException($"`{shown}` is {status.Kind}; only files and folders can be tracked");
        return new FileInfo(path).LinkTarget is { } target
            ? new DataException($"`{shown}` is a symbolic link to `{target}`, which does not exist or leads in a circle; mend or remove it")
            : new DataException($"`{shown}` does not exist");
    }

    // An empty file holds nothing to lose: it is what a power cut leaves of a checkout.
    private bool IsSafe(string path, Digest now)
    {
        if (!now.IsFolder)
            return now.Size == 0 || project.Cache.Has(now.Md5);
        var tree = this.folders.Read(new FolderWalk(project.Ignore).Of(path));
        return tree.Files.All(f => f.Part.Items[f.Item].Stamp.Size == 0 || project.Cache.Has(f.Part.Md5s![f.Item]));
    }
}
