using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.Releases;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// Verified bytes under <c>objects/sha256/ab/abcd…</c>. A name appears only when its bytes were hashed, flushed and equal it; what is still
/// on its way lies under <c>objects/partial/</c>, on the same file system, and survives a restart.
/// </summary>
internal sealed class ObjectStore
{
    private readonly IDeviceFiles files;
    private readonly string root;
    private readonly int? chunkBytes;
    private volatile bool areFoldersSynced;

    public ObjectStore(IDeviceFiles files, string root, QuotaSettings? quota = null, FlashBudget? budget = null, int? chunkBytes = null)
    {
        (this.files, this.root, this.chunkBytes) = (files, root, chunkBytes);
        InFlight = new InFlight(this, quota ?? new QuotaSettings(), budget);
    }

    /// <summary>What updates are bringing in.</summary>
    public InFlight InFlight { get; }

    private string PartialFolder => Path.Combine(root, "objects", "partial");

    /// <summary>Above every verified object, and nothing else.</summary>
    public string Folder => Path.Combine(root, "objects", "sha256");

    public string PathOf(string sha256) => Path.Combine(Folder, sha256[..2], sha256);

    public bool Has(string sha256, long bytes) => files.Length(PathOf(sha256)) == bytes;

    public long FreeBytes() => files.FreeBytes(root);

    /// <summary>Bytes of the object that are here already, by its map: a file that was written from its end is longer than what it holds.</summary>
    public long PartialBytes(string sha256, long bytes) => ChunkMap.ClaimedBytes(files, PartialObject.MapOf(Path.Combine(PartialFolder, sha256)), bytes);

    /// <summary>The pieces of an object whose release signed none: so much at most is fetched twice after a cut; a device flushes twice for each.</summary>
    public int ChunkBytesFor(long bytes) => chunkBytes ?? (int)ArtifactChunks.SizeFor(bytes);

    /// <summary>Hashes what lies on disk again: true only where it is there, as long as signed, and equal to its name.</summary>
    public bool IsIntact(string sha256, long bytes) => Has(sha256, bytes) && ObjectHash.IsOf(files, PathOf(sha256), sha256);

    /// <summary>A file to write the object into, with what an earlier one left of it, in pieces of <paramref name="pieceBytes"/>. One at a time for an object.</summary>
    public PartialObject BeginPartial(Sha256Digest digest, long size, int? pieceBytes = null) =>
        PartialObject.Open(files, PartialFolder, PathOf(digest.Hex), new WantedObject(digest.Hex, size), pieceBytes ?? ChunkBytesFor(size), SyncFolder);

    /// <summary>
    /// True where the object is here and whole; then its name is durable too (a process that was killed may have left one that is not), and
    /// what was on its way is gone.
    /// </summary>
    public bool Settle(string sha256, long bytes)
    {
        if (!IsWhole(sha256, bytes))
            return false;
        SyncFolder(Path.GetDirectoryName(PathOf(sha256))!);
        PartialObject.Discard(files, Path.Combine(PartialFolder, sha256));
        return true;
    }

    /// <summary>Deletes every object and partial whose digest is neither named nor in flight.</summary>
    public int Collect(IReadOnlySet<string> keep)
    {
        var (inFlight, gone) = (InFlight.Digests(), 0);
        foreach (var path in files.List(Path.Combine(root, "objects")))
        {
            // A part of what is here as a whole is of no use: a power cut may bring a name back that was renamed away.
            var digest = Path.GetFileNameWithoutExtension(path);
            var isLeft = !inFlight.Contains(digest) && Path.GetDirectoryName(path) == PartialFolder && files.Length(PathOf(digest)) is not null;
            if (!isLeft && (keep.Contains(digest) || inFlight.Contains(digest)))
                continue;
            files.Delete(path);
            gone++;
        }

        return gone;
    }

    // Once in a life the folders above, too: a process that was killed may have made them and not synced their names.
    private void SyncFolder(string folder)
    {
        files.SyncFolder(folder);
        if (areFoldersSynced)
            return;
        foreach (var above in new[] { Path.Combine(root, "objects", "sha256"), Path.Combine(root, "objects"), root })
            files.SyncFolder(above);
        areFoldersSynced = true;
    }

    // Where the medium cannot read it any more, fetching it again is what mends it.
    private bool IsWhole(string sha256, long bytes)
    {
        try
        {
            return IsIntact(sha256, bytes);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
