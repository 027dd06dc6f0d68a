using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>Digests of folders. A folder in which no stamp changed costs no more than looking at its files once.</summary>
internal sealed class FolderDigests(Project project)
{
    private const int TogetherFrom = 64;
    private const int BatchSize = 8192;

    /// <summary>The digest of a folder.</summary>
    public Digest Of(FolderTree tree)
    {
        if (this.Known(tree) is { } known)
            return known;
        var md5 = ListingWriter.Write(this.Read(tree), null);
        return this.Remember(tree, md5);
    }

    /// <summary>The digest of a folder that is as it was when it was last remembered; null when it is not.</summary>
    public Digest? Known(FolderTree tree)
    {
        if (!project.State.TryFind(tree.Key, out var entry))
            return null;
        var print = tree.Print;
        return entry.Modified == (long)print.Upper && entry.Changed == (long)print.Lower && entry.Inode == tree.Count
            ? DigestOf(entry.Md5, entry.Size, tree.Count)
            : null;
    }

    /// <summary>Finds out the digest of every file.</summary>
    public FolderTree Read(FolderTree tree)
    {
        var files = Prepare(tree);
        if (files.Length < TogetherFrom)
            Array.ForEach(files, f => this.Read(f.Part, f.Item));
        else
            Together.Each(files.Length, i => this.Read(files[i].Part, files[i].Item));
        return tree;
    }

    /// <summary>Takes every file into the cache, and the listing after them: a listing in the cache always means a whole folder.</summary>
    public Digest Save(FolderTree tree, ObjectBatch batch, FileIntake intake)
    {
        var files = Prepare(tree);
        for (var begin = 0; begin < files.Length; begin += BatchSize)
        {
            var first = begin;
            var count = Math.Min(BatchSize, files.Length - first);
            if (count < TogetherFrom)
                Array.ForEach(files[first..(first + count)], f => this.Save(f.Part, f.Item, batch, intake));
            else
                Together.Each(count, i => this.Save(files[first + i].Part, files[first + i].Item, batch, intake));
            batch.Commit();
        }

        Hash128 md5;
        var temporary = batch.NewTemporary();
        using (var stream = Disk.Current.Create(temporary, Disk.ReadOnly))
            md5 = ListingWriter.Write(tree, stream);
        batch.AddWritten(temporary, Md5Text.Of(md5) + Digest.FolderSuffix);
        batch.Commit();
        return this.Remember(tree, md5);
    }

    /// <summary>Keeps the digest of a folder whose files are known and old enough for a change to show.</summary>
    public Digest Remember(FolderTree tree, Hash128 md5)
    {
        var print = tree.Print;
        if (project.State.IsSettled(tree.Youngest))
            project.State.Remember(new StateEntry(tree.Key, md5, tree.Size, (long)print.Upper, (long)print.Lower, tree.Count, 0));
        return DigestOf(md5, tree.Size, tree.Count);
    }

    private static Digest DigestOf(Hash128 md5, long size, int count) => new(Md5Text.Of(md5) + Digest.FolderSuffix, size, count);

    private static (FolderPart Part, int Item)[] Prepare(FolderTree tree)
    {
        foreach (var part in tree.Parts)
            part.Prepare();
        return [.. tree.Files];
    }

    private void Read(FolderPart part, int item)
    {
        var (key, stamp) = (part.KeyOf(item), part.Items[item].Stamp);
        if (!project.State.TryFind(key, stamp, out var md5))
        {
            (stamp, md5) = FileReading.Digest(part.PathOf(item));
            project.State.Remember(key, stamp, md5);
        }

        part.Know(item, stamp, md5);
    }

    private void Save(FolderPart part, int item, ObjectBatch batch, FileIntake intake)
    {
        var (key, stamp) = (part.KeyOf(item), part.Items[item].Stamp);
        if (!project.State.TryFind(key, stamp, out var md5) || !batch.Contains(md5))
        {
            (stamp, md5) = intake.Take(part.PathOf(item));
            project.State.Remember(key, stamp, md5);
        }

        part.Know(item, stamp, md5);
    }
}
