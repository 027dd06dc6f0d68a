namespace Ci.Data.Files;

/// <summary>Takes one file or folder inside of a tracked folder, and leaves what is recorded of the rest of it as it is.</summary>
internal sealed class FolderUpdate(Project project)
{
    /// <summary>Takes it.</summary>
    /// <param name="folder">The tracked folder.</param>
    /// <param name="then">What it was.</param>
    /// <param name="path">Inside of it.</param>
    /// <param name="inner">What that is now, already in the cache.</param>
    /// <exception cref="MissingDataException">What the folder was is not in the cache.</exception>
    public Digest Put(string folder, Digest then, string path, Digest inner)
    {
        if (!then.IsFolder || !project.Cache.Has(then.Md5))
            throw new MissingDataException($"what `{project.Shown(folder)}` was is not in the cache; get it with `mlops fetch`, or add the whole folder", [folder]);
        var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        var (old, kept) = (new List<string>(), new List<(string Path, string Md5)>());
        foreach (var file in project.Cache.ReadListing(then.Md5).Files)
        {
            if (file.Path == name || file.Path.StartsWith(name + "/", StringComparison.Ordinal))
                old.Add(file.Md5);
            else
                kept.Add(file);
        }

        var added = inner.IsFolder ? project.Cache.ReadListing(inner.Md5).Files.Select(f => ($"{name}/{f.Path}", f.Md5)) : [(name, inner.Md5)];
        var listing = DirectoryListing.Of(kept.Concat(added));
        using var batch = project.Cache.NewBatch();
        batch.Add(listing);
        batch.Commit();
        return new Digest(listing.Md5, then.Size - old.Sum(this.SizeOf) + inner.Size, listing.Files.Count);
    }

    private long SizeOf(string md5) => FileStamp.Of(project.Cache.PathOf(md5))?.Size
        ?? throw new MissingDataException($"the object {md5} is not in the cache, so that the size of the folder is not known; add the whole folder", [md5]);
}
