using System.Buffers;
using System.Security.Cryptography;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// Verified bytes under <c>objects/sha256/ab/abcd…</c>. A name appears only when its bytes were hashed, flushed and equal it; what is still
/// on its way lies under <c>objects/partial/</c>, on the same file system, and survives a restart.
/// </summary>
internal sealed class ObjectStore(IDeviceFiles files, string root)
{
    private const int BufferBytes = 1 << 17;

    public string PathOf(string sha256) => Path.Combine(root, "objects", "sha256", sha256[..2], sha256);

    public bool Has(string sha256, long bytes) => files.Length(PathOf(sha256)) == bytes;

    public long FreeBytes() => files.FreeBytes(root);

    public long PartialLength(string sha256) => files.Length(PartialPath(sha256)) ?? 0;

    /// <summary>Begins an object, or takes up what an earlier call left of it, in pieces of <paramref name="chunkBytes"/>.</summary>
    public PartialObject BeginPartial(string sha256, long size, int chunkBytes) =>
        PartialObject.Open(files, sha256, size, chunkBytes, PartialPath(sha256), Path.Combine(root, "objects", "map", sha256), PathOf(sha256));

    /// <summary>Hashes what lies on disk again: true only where it is there, as long as signed, and equal to its name.</summary>
    public bool IsIntact(string sha256, long bytes)
    {
        if (!Has(sha256, bytes))
            return false;
        using var stream = files.OpenRead(PathOf(sha256));
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == sha256;
    }

    /// <summary>
    /// Stores what <paramref name="open"/> yields from an offset on, continuing what an earlier call left. Reads at most the signed size.
    /// A connection that ends early leaves the partial and is an <see cref="EndOfStreamException"/>.
    /// </summary>
    public async Task<StoreOutcome> StoreAsync(string sha256, long bytes, Func<long, CancellationToken, Task<Stream>> open, CancellationToken ct)
    {
        if (IsIntact(sha256, bytes))
            return StoreOutcome.Stored;
        var resumed = PartialLength(sha256) > 0;
        var outcome = await FetchAsync(sha256, bytes, open, ct);
        if (outcome == StoreOutcome.DigestMismatch && resumed)
            outcome = await FetchAsync(sha256, bytes, open, ct); // The old part may be what was wrong: once more from the first byte.
        return outcome;
    }

    /// <summary>Deletes every object and partial whose digest is not named.</summary>
    public int Collect(IReadOnlySet<string> keep)
    {
        var gone = 0;
        foreach (var path in files.List(Path.Combine(root, "objects")).Where(p => !keep.Contains(Path.GetFileName(p))))
        {
            files.Delete(path);
            gone++;
        }

        return gone;
    }

    private string PartialPath(string sha256) => Path.Combine(root, "objects", "partial", sha256);

    private async Task<StoreOutcome> FetchAsync(string sha256, long bytes, Func<long, CancellationToken, Task<Stream>> open, CancellationToken ct)
    {
        var partial = PartialPath(sha256);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        StoreOutcome outcome;
        using (var file = files.OpenAppend(partial))
        {
            Rehash(file, partial, bytes, hash);
            outcome = await AppendAsync(file, bytes, open, hash, sha256, ct);
            if (outcome == StoreOutcome.Stored)
                file.Sync();
        }

        if (outcome != StoreOutcome.Stored)
        {
            files.Delete(partial);
            return outcome;
        }

        var path = PathOf(sha256);
        files.Rename(partial, path);
        files.SyncFolder(Path.GetDirectoryName(path)!);
        return StoreOutcome.Stored;
    }

    private void Rehash(IDeviceFile file, string partial, long bytes, IncrementalHash hash)
    {
        if (file.Length > bytes)
            file.Truncate(0);
        if (file.Length == 0)
            return;
        using var old = files.OpenRead(partial);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        for (int read; (read = old.Read(buffer)) > 0;)
            hash.AppendData(buffer, 0, read);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static async Task<StoreOutcome> AppendAsync(
        IDeviceFile file, long bytes, Func<long, CancellationToken, Task<Stream>> open, IncrementalHash hash, string sha256, CancellationToken ct)
    {
        if (file.Length < bytes || bytes == 0)
        {
            await using var source = await open(file.Length, ct);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                for (int read; (read = await source.ReadAsync(buffer, ct)) > 0;)
                {
                    // One byte more than signed is enough to know; endless data costs nothing more.
                    if (file.Length + read > bytes)
                        return StoreOutcome.SizeMismatch;
                    hash.AppendData(buffer, 0, read);
                    file.Write(buffer.AsSpan(0, read));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            if (file.Length < bytes)
                throw new EndOfStreamException($"the blob {sha256} ended after {file.Length} of {bytes} bytes");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == sha256 ? StoreOutcome.Stored : StoreOutcome.DigestMismatch;
    }
}
