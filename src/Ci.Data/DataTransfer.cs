using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ci.Storage;

namespace Ci.Data;

/// <summary>
/// Moves objects between the cache and a remote. Files go before the listings that name them, so that a listing on a remote always
/// means a whole folder; what arrives is hashed and only then published. Repeating a call continues where the last one ended.
/// </summary>
public sealed class DataTransfer(ObjectCache cache, IBlobStore remote)
{
    private const int Parallelism = 8;
    private const int ListFrom = 64;
    private const int PortionSize = 2048;

    /// <summary>Sends what the remote lacks. A folder whose listing is there is there whole, since listings go last: it costs one question.</summary>
    /// <returns>Objects sent.</returns>
    /// <exception cref="MissingDataException">Something is in neither; everything else was sent.</exception>
    public async Task<int> PushAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct = default)
    {
        var tops = await this.PresentAsync([.. outputs.Select(o => o.Digest.Md5).Distinct()], ct);
        var absent = outputs.Where(o => !tops.Contains(o.Digest.Md5)).ToList();
        // What is nowhere in the cache but on the remote already is no loss.
        var lost = absent.Where(o => !cache.Has(o.Digest.Md5)).Select(o => o.Path).ToList();
        var lists = absent.Select(o => o.Digest.Md5).Where(IsListing).Distinct().Where(cache.Has).ToList();
        var single = absent.Select(o => o.Digest.Md5).Where(md5 => !IsListing(md5)).Distinct();
        var inner = lists.SelectMany(md5 => cache.ReadListing(md5).Files.Select(f => f.Md5)).Distinct().ToList();
        var present = inner.Count == 0 ? tops : await this.PresentAsync(inner, ct);
        var sent = await this.SendAsync([.. single.Concat(inner).Distinct().Where(md5 => !present.Contains(md5) && cache.Has(md5))], ct);
        sent += await this.SendAsync([.. lists.Where(md5 => cache.ReadListing(md5).Files.All(f => present.Contains(f.Md5) || cache.Has(f.Md5)))], ct);
        lost.AddRange(absent.Where(o => lists.Contains(o.Digest.Md5) && cache.ReadListing(o.Digest.Md5).Files.Any(f => !present.Contains(f.Md5) && !cache.Has(f.Md5))).Select(o => o.Path));
        if (lost.Count > 0)
            throw new MissingDataException($"neither in the cache nor on {remote.Description}: {string.Join(", ", lost)}; run `mlops repro` or `mlops add`", lost);
        return sent;
    }

    /// <summary>Fetches into the cache what it lacks.</summary>
    /// <returns>Objects fetched.</returns>
    /// <exception cref="MissingDataException">The remote lacks something too; everything else was fetched.</exception>
    /// <exception cref="CorruptDataException">The remote's bytes are not what their name says; they were not kept.</exception>
    public async Task<int> FetchAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct = default)
    {
        var missing = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var fetched = await this.FetchAllAsync(outputs.Select(o => o.Digest.Md5).Distinct(), missing, ct);
        var inner = outputs.Select(o => o.Digest.Md5).Where(md5 => IsListing(md5) && !missing.ContainsKey(md5)).Distinct()
            .SelectMany(md5 => cache.ReadListing(md5).Files.Select(f => f.Md5)).Distinct();
        fetched += await this.FetchAllAsync(inner, missing, ct);
        var lost = outputs.Where(o => missing.ContainsKey(o.Digest.Md5) || (IsListing(o.Digest.Md5) && !cache.HasAll(o.Digest.Md5))).Select(o => o.Path).ToList();
        return lost.Count == 0
            ? fetched
            : throw new MissingDataException($"not on {remote.Description}: {string.Join(", ", lost)}; whoever made them has to run `mlops push`", lost);
    }

    private static bool IsListing(string md5) => md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal);

    private async Task<int> SendAsync(IReadOnlyCollection<string> objects, CancellationToken ct)
    {
        if (remote is IBulkWrites bulk && objects.Count >= ListFrom)
            return await bulk.PutFilesAsync([.. objects.Select(md5 => (Digest.KeyOf(md5), cache.PathOf(md5)))], ct);
        var count = 0;
        await Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (md5, token) =>
        {
            await using var file = new FileStream(cache.PathOf(md5), FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            await remote.PutAsync(Digest.KeyOf(md5), file, PutMode.IfAbsent, token);
            Interlocked.Increment(ref count);
        });
        return count;
    }

    // In portions: what has arrived stays, should the process be ended before the last one.
    private async Task<int> FetchAllAsync(IEnumerable<string> objects, ConcurrentDictionary<string, bool> missing, CancellationToken ct)
    {
        var count = 0;
        using var batch = cache.NewBatch();
        try
        {
            foreach (var portion in objects.Where(md5 => !cache.Has(md5)).Chunk(PortionSize))
            {
                await Parallel.ForEachAsync(portion, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (md5, token) =>
                {
                    try
                    {
                        await this.FetchOneAsync(md5, batch, token);
                        Interlocked.Increment(ref count);
                    }
                    catch (BlobNotFoundException)
                    {
                        missing[md5] = true;
                    }
                });
                batch.Commit();
            }
        }
        catch (Exception) when (batch.Count > 0)
        {
            batch.Commit();
            throw;
        }

        return count;
    }

    private async Task FetchOneAsync(string md5, ObjectBatch batch, CancellationToken ct)
    {
        await using var source = await remote.OpenReadAsync(Digest.KeyOf(md5), 0, ct);
        var temporary = batch.NewTemporary();
#pragma warning disable CA5351 // DVC's formats name content by MD5
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        await using (var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            int read;
            while ((read = await source.ReadAsync(buffer, ct)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != md5[..32] && !(Digest.IsLegacyName(md5) && LegacyDigests.OfFile(temporary) == md5[..32]))
            throw new CorruptDataException($"`{Digest.KeyOf(md5)}` on {remote.Description} is damaged: its bytes have the digest {found}; remove it there and push it again from a machine that has it");
        batch.AddWritten(temporary, md5);
    }

    // One listing beats many questions; but not every store can list, and few objects are asked for one by one.
    private async Task<HashSet<string>> PresentAsync(List<string> objects, CancellationToken ct)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            if (objects.Count >= ListFrom && !objects.Exists(Digest.IsLegacyName))
            {
                await foreach (var blob in remote.ListAsync("files/md5/", ct))
                    present.Add(blob.Key["files/md5/".Length..].Replace("/", "", StringComparison.Ordinal));
                return present;
            }

            foreach (var md5 in objects)
            {
                if (await remote.StatAsync(Digest.KeyOf(md5), ct) is not null)
                    present.Add(md5);
            }
        }
        catch (StorageUnavailableException) when (remote is Storage.FileSystem.FolderBlobStore folder && !Directory.Exists(folder.Root))
        {
            // A folder remote begins with its first push, as with DVC.
        }

        return present;
    }
}
