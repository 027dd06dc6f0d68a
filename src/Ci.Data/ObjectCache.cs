using Ci.Data.Files;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// The local cache: <c>files/md5/xx/…</c>, read-only files named by their content. An object appears by a rename after its bytes are
/// on the disk, whole or not at all; it is hashed again before its first use and whenever its stamp has changed.
/// </summary>
public sealed class ObjectCache(string folder, FileStates states)
{
    private const int TogetherFrom = 256;

    private readonly CachePrint print = new(folder, states);

    public string Folder { get; } = folder;

    /// <summary>Where to tell that an object was damaged; null: nobody listens.</summary>
    public Action<string>? Tell { get; set; }

    /// <summary>Called before objects are written, so that nobody sweeps the cache meanwhile.</summary>
    internal Action BeforeWriting { get; init; } = () => { };

    public string PathOf(string md5) => Digest.IsValid(md5)
        ? Path.Combine(this.Folder, Digest.KeyOf(md5))
        : throw new CorruptDataException($"`{md5}` is not an MD5 digest");

    /// <summary>The object is there, and its bytes are what its name says. A damaged one is moved out of the way, so that it can be fetched again.</summary>
    public bool Has(string md5) => this.Has(this.PathOf(md5), KeyOf(md5), Md5Text.Parse(md5), Digest.IsLegacyName(md5));

    /// <summary>As <see cref="Has(string)"/>, and for a folder also every file in it.</summary>
    public bool HasAll(string md5) => this.Has(md5) && (!IsListing(md5) || this.HasEach(this.ReadListing(md5)));

    /// <summary>
    /// The object is there, and of a folder every file; for telling what is missing. Bytes that are to be used are asked for by
    /// <see cref="HasAll"/>.
    /// </summary>
    public bool Lists(string md5)
    {
        if (!IsListing(md5))
            return FileStamp.Of(this.PathOf(md5)) is not null;
        if (!this.Has(md5))
            return false;
        if (Digest.IsLegacyName(md5))
            return this.ReadListing(md5).Files.All(f => FileStamp.Of(this.PathOf(f.Md5)) is not null);
        var key = Md5Text.Parse(md5);
        return this.print.Knows(key) || this.print.Find(key, File.ReadAllBytes(this.PathOf(md5)), md5);
    }

    public DirectoryListing ReadListing(string md5) => DirectoryListing.Read(File.ReadAllBytes(this.PathOf(md5)), md5);

    /// <summary>Begins to add objects; they appear when the batch is committed.</summary>
    public ObjectBatch NewBatch()
    {
        this.BeforeWriting();
        return new ObjectBatch(this);
    }

    internal static bool IsListing(string md5) => md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal);

    /// <summary>Under which the state of an object is remembered; a listing and a file could have the same bytes.</summary>
    internal static Hash128 KeyOf(string md5)
    {
        var digits = Md5Text.Parse(md5);
        return md5.Length == Md5Text.Length ? digits : FileKey.Of(digits, System.Text.Encoding.UTF8.GetBytes(md5[Md5Text.Length..]));
    }

    internal string PathOf(Hash128 md5) => Path.Combine(this.Folder, Digest.KeyOf(Md5Text.Of(md5)));

    internal bool Has(Hash128 md5) => this.Has(this.PathOf(md5), md5, md5);

    internal bool HasEach(DirectoryListing listing)
    {
        var files = listing.Files;
        if (files.Count < TogetherFrom)
            return files.All(f => this.Has(f.Md5));
        var missing = 0;
        Together.Each(files.Count, i =>
        {
            if (Volatile.Read(ref missing) == 0 && !this.Has(files[i].Md5))
                Interlocked.Increment(ref missing);
        });
        return missing == 0;
    }

    /// <summary>What was just written under its checked name need not be read again.</summary>
    internal void Remember(Hash128 key, string path, Hash128 md5)
    {
        if (FileStamp.Of(path) is { } stamp)
            states.Remember(key, stamp, md5, settled: true);
    }

    private bool Has(string path, Hash128 key, Hash128 wanted, bool isLegacy = false)
    {
        if (FileStamp.Of(path) is not { } stamp)
            return false;
        if (states.TryFind(key, stamp, out var known) && known == wanted)
            return true;
        (stamp, known) = FileReading.Digest(path);
        if (known == wanted || (isLegacy && Md5Text.Parse(LegacyDigests.OfFile(path)) == wanted))
        {
            states.Remember(key, stamp, wanted, settled: true);
            return true;
        }

        Disk.Current.Rename(path, path + ".corrupt", overwrite: true);
        this.Tell?.Invoke($"the cached object {path} was damaged and is not used; it was renamed to {Path.GetFileName(path)}.corrupt");
        return false;
    }
}
