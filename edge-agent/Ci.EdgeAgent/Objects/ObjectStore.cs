using System.Buffers;
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
    private const int BufferBytes = 1 << 17;
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

    /// <summary>Whoever fills an object's partial does it within its turn.</summary>
    public ObjectTurns Turns { get; } = new();

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

    /// <summary>A file to write the object into, with what an earlier one left of it, in pieces of <paramref name="pieceBytes"/>.</summary>
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

    /// <summary>
    /// Stores what <paramref name="open"/> yields from an offset on, continuing what an earlier call left. Reads at most the signed size.
    /// A connection that ends early leaves the partial and is an <see cref="EndOfStreamException"/>.
    /// </summary>
    public Task<StoreOutcome> StoreAsync(string sha256, long bytes, Func<long, CancellationToken, Task<Stream>> open, CancellationToken ct) =>
        Turns.RunAsync(sha256, () => StoreAloneAsync(sha256, bytes, open, ct), ct);

    private async Task<StoreOutcome> StoreAloneAsync(string sha256, long bytes, Func<long, CancellationToken, Task<Stream>> open, CancellationToken ct)
    {
        if (Settle(sha256, bytes))
            return StoreOutcome.Stored;
        using var partial = BeginPartial(Sha256Digest.Parse(sha256), bytes);
        var fits = bytes == 0 || partial.FirstMissing is null;
        while (partial.FirstMissing is { } first)
            fits = await FetchAsync(partial, first, open, sha256, ct);
        var outcome = fits ? await partial.CompleteAsync() : StoreOutcome.SizeMismatch;
        partial.Dispose();
        if (outcome != StoreOutcome.Stored)
            PartialObject.Discard(files, Path.Combine(PartialFolder, sha256));
        return outcome;
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

    /// <summary>Fetches from a chunk on to the end of the run that is missing; false where the source goes on after the signed size.</summary>
    private static async Task<bool> FetchAsync(PartialObject partial, int first, Func<long, CancellationToken, Task<Stream>> open, string sha256, CancellationToken ct)
    {
        await using var source = await open(partial.OffsetOf(first), ct);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(partial.ChunkBytes, BufferBytes));
        try
        {
            for (var index = first; index < partial.ChunkCount && !partial.IsWhole(index); index++)
            {
                for (var (at, end) = (partial.OffsetOf(index), partial.OffsetOf(index) + partial.LengthOf(index)); at < end;)
                {
                    var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - at)), ct);
                    if (read == 0)
                        throw new EndOfStreamException($"the blob {sha256} ended after {at} of {partial.Size} bytes");
                    await partial.WriteAsync(at, buffer.AsMemory(0, read));
                    at += read;
                }

                await partial.CommitChunkAsync(index);
            }

            // One byte more than signed is enough to know; endless data costs nothing more.
            return partial.FirstMissing is not null || await source.ReadAsync(buffer.AsMemory(0, 1), ct) == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
