using Ci.Data.Files;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// The local cache: <c>files/md5/xx/…</c>, read-only files named by their content. An object appears by a rename after its bytes are
/// on the disk, whole or not at all; it is hashed again before its first use and whenever its stamp has changed.
/// </summary>
public sealed class ObjectCache(string folder, FileStates states)
{
    private const int ListFrom = 256;

    public string Folder { get; } = folder;

    public string PathOf(string md5) => Digest.IsValid(md5)
        ? Path.Combine(this.Folder, Digest.KeyOf(md5))
        : throw new CorruptDataException($"`{md5}` is not an MD5 digest");

    /// <summary>The object is there, and its bytes are what its name says. A damaged one is moved out of the way, so that it can be fetched again.</summary>
    public bool Has(string md5)
    {
        var path = this.PathOf(md5);
        if (FileStamp.Of(path) is null)
            return false;
        var wanted = md5[..32];
        if (states.DigestOf(path, settled: true).Md5 == wanted || (Digest.IsLegacyName(md5) && LegacyDigests.OfFile(path) == wanted))
            return true;
        File.Move(path, path + ".corrupt", overwrite: true);
        return false;
    }

    /// <summary>As <see cref="Has"/>, and for a folder also every file in it.</summary>
    public bool HasAll(string md5) =>
        this.Has(md5) && (!md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal) || this.ReadListing(md5).Files.All(f => this.Has(f.Md5)));

    /// <summary>
    /// The object is there, and of a folder every file; for telling what is missing. Bytes that are to be used are asked for by
    /// <see cref="HasAll"/>.
    /// </summary>
    public bool Lists(string md5)
    {
        if (FileStamp.Of(this.PathOf(md5)) is null)
            return false;
        if (!md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal))
            return true;
        if (!this.Has(md5))
            return false;
        var files = this.ReadListing(md5).Files;
        if (files.Count < ListFrom || Digest.IsLegacyName(md5))
            return files.All(f => File.Exists(this.PathOf(f.Md5)));
        var names = this.Names();
        return files.All(f => names.Contains(f.Md5));
    }

    public DirectoryListing ReadListing(string md5) => DirectoryListing.Read(File.ReadAllBytes(this.PathOf(md5)), md5);

    /// <summary>Begins to add objects; they appear when the batch is committed.</summary>
    public ObjectBatch NewBatch() => new(this);

    /// <summary>What was just written under its checked name need not be read again.</summary>
    internal void Remember(string md5)
    {
        var path = this.PathOf(md5);
        if (FileStamp.Of(path) is { } stamp)
            states.Remember(path, stamp, md5[..32], settled: true);
    }

    private HashSet<string> Names()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var prefix in Directory.EnumerateDirectories(Path.Combine(this.Folder, "files", "md5")))
        {
            var head = Path.GetFileName(prefix);
            foreach (var file in Directory.EnumerateFiles(prefix))
                names.Add(string.Concat(head, Path.GetFileName(file.AsSpan())));
        }

        return names;
    }
}
