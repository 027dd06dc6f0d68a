using System.Collections.Concurrent;
using Ci.Storage;

namespace Ci.Data;

/// <summary>
/// Moves objects between the cache and a remote. Files go before the listings that name them, so that a listing on a remote always
/// means a whole folder; what arrives is hashed and only then published. Repeating a call continues where the last one ended.
/// </summary>
public sealed class DataTransfer
{
    private const int TogetherFrom = 64;
    private const int PortionSize = 2048;

    private readonly ObjectCache cache;
    private readonly IBlobStore remote;
    private readonly TransferOptions options;
    private readonly RemotePresence presence;
    private readonly ObjectDownload download;

    // On the remote for certain: folders of many revisions share most of their files.
    private readonly HashSet<string> there = new(StringComparer.Ordinal);

    /// <summary>Objects fetched so far, also by a call that failed in the end.</summary>
    public int Fetched { get; private set; }

    public DataTransfer(ObjectCache cache, IBlobStore remote, TransferOptions? options = null)
    {
        this.cache = cache;
        this.remote = remote;
        this.options = options ?? new TransferOptions();
        this.presence = new RemotePresence(remote, this.options.Jobs);
        this.download = new ObjectDownload(cache, remote, this.options);
    }

    /// <summary>Sends what the remote lacks. A folder whose listing is there is there whole, since listings go last: it costs one question.</summary>
    /// <returns>Objects sent.</returns>
    /// <exception cref="MissingDataException">Something is in neither; everything else was sent.</exception>
    public async Task<int> PushAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct = default)
    {
        this.there.UnionWith(await this.presence.FindAsync(outputs.Select(o => o.Digest.Md5), ct));
        var absent = outputs.Where(o => !this.there.Contains(o.Digest.Md5)).ToList();
        // What is nowhere in the cache but on the remote already is no loss.
        var lost = absent.Where(o => !this.cache.Has(o.Digest.Md5)).Select(o => o.Path).ToList();
        var here = absent.Where(o => this.cache.Has(o.Digest.Md5)).ToList();
        var sent = await this.SendAsync([.. here.Where(o => !o.Digest.IsFolder).Select(o => o.Digest.Md5).Distinct(StringComparer.Ordinal)], ct);
        foreach (var folder in here.Where(o => o.Digest.IsFolder).GroupBy(o => o.Digest.Md5, StringComparer.Ordinal))
        {
            var (count, isWhole) = await this.PushFolderAsync(folder.Key, [.. folder], ct);
            sent += count;
            if (!isWhole)
                lost.AddRange(folder.Select(o => o.Path));
        }

        if (lost.Count > 0)
            throw new MissingDataException($"neither in the cache nor on {this.remote.Description}: {string.Join(", ", lost)}; run `mlops repro` or `mlops add`", lost);
        return sent;
    }

    /// <summary>Fetches into the cache what it lacks.</summary>
    /// <returns>Objects fetched.</returns>
    /// <exception cref="MissingDataException">The remote lacks something too; everything else was fetched.</exception>
    /// <exception cref="CorruptDataException">The remote's bytes are not what their name says; they were not kept.</exception>
    public async Task<int> FetchAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct = default)
    {
        var missing = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var tops = outputs.Where(o => !this.cache.Has(o.Digest.Md5)).DistinctBy(o => o.Digest.Md5, StringComparer.Ordinal).ToList();
        var files = tops.Where(o => !o.Digest.IsFolder).ToList();
        this.options.Progress.Expect(files.Count, files.Sum(o => o.Digest.Size));
        // Listings first: with them it is known what else there is.
        var fetched = await this.FetchAllAsync(tops.Where(o => o.Digest.IsFolder).Select(o => o.Digest.Md5), missing, ct);
        var folders = outputs.Where(o => o.Digest.IsFolder && !missing.ContainsKey(o.Digest.Md5)).ToList();
        foreach (var folder in folders.DistinctBy(o => o.Digest.Md5, StringComparer.Ordinal))
            this.options.Progress.Expect(folder.Only is null ? folder.Digest.FileCount ?? 0 : 0, 0);
        fetched += await this.FetchAllAsync(files.Select(o => o.Digest.Md5).Concat(folders.SelectMany(this.FilesOf)).Distinct(StringComparer.Ordinal), missing, ct);
        var lost = outputs.Where(o => missing.ContainsKey(o.Digest.Md5) || (o.Digest.IsFolder && !missing.IsEmpty && this.FilesOf(o).Any(missing.ContainsKey))).Select(o => o.Path).ToList();
        return lost.Count == 0
            ? fetched
            : throw new MissingDataException($"not on {this.remote.Description}: {string.Join(", ", lost)}; whoever made them has to run `mlops push`", lost);
    }

    /// <summary>Which of the objects the remote has.</summary>
    public Task<HashSet<string>> FindAsync(IEnumerable<string> objects, CancellationToken ct = default) => this.presence.FindAsync(objects, ct);

    private async Task<(int Sent, bool IsWhole)> PushFolderAsync(string listing, List<TrackedOutput> outputs, CancellationToken ct)
    {
        var files = this.cache.ReadListing(listing).Files;
        var unknown = files.Select(f => f.Md5).Where(md5 => !this.there.Contains(md5)).Distinct(StringComparer.Ordinal).ToList();
        var present = await this.presence.FindAsync(unknown, ct);
        this.there.UnionWith(present);
        var meant = files.Where(f => outputs.Any(o => o.Means(f.Path))).Select(f => f.Md5).Where(md5 => !this.there.Contains(md5)).Distinct(StringComparer.Ordinal).ToList();
        var here = meant.Where(this.cache.Has).ToList();
        var sent = await this.SendAsync(here, ct);
        // Only a folder that is there whole gets its listing: that is what makes one question enough the next time.
        if (files.All(f => this.there.Contains(f.Md5)))
            sent += await this.SendAsync([listing], ct);
        return (sent, here.Count == meant.Count);
    }

    private async Task<int> SendAsync(IReadOnlyCollection<string> objects, CancellationToken ct)
    {
        if (objects.Count == 0)
            return 0;
        this.options.Progress.Expect(objects.Count, objects.Sum(md5 => new FileInfo(this.cache.PathOf(md5)).Length));
        if (this.remote is IBulkWrites bulk && objects.Count >= TogetherFrom)
        {
            foreach (var portion in objects.Chunk(PortionSize * 4))
            {
                await bulk.PutFilesAsync([.. portion.Select(md5 => (Digest.KeyOf(md5), this.cache.PathOf(md5)))], ct);
                this.options.Progress.Done(portion.Length);
                this.options.Progress.Moved(portion.Sum(md5 => new FileInfo(this.cache.PathOf(md5)).Length));
            }
        }
        else
        {
            await Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = this.options.Jobs, CancellationToken = ct }, async (md5, token) =>
            {
                await using var file = new FileStream(this.cache.PathOf(md5), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
                await using var counted = new CountingStream(file, this.options.Progress);
                await this.remote.PutAsync(Digest.KeyOf(md5), counted, PutMode.IfAbsent, token);
                this.options.Progress.Done();
            });
        }

        this.there.UnionWith(objects);
        return objects.Count;
    }

    private static void KeepWhatArrived(ObjectBatch batch)
    {
        try
        {
            batch.Commit();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Its cause is being told already; what could not be kept is fetched again.
        }
    }

    private IEnumerable<string> FilesOf(TrackedOutput folder) => this.cache.ReadListing(folder.Digest.Md5).Files.Where(f => folder.Means(f.Path)).Select(f => f.Md5);

    // In portions: what has arrived stays, should the process be ended before the last one.
    private async Task<int> FetchAllAsync(IEnumerable<string> objects, ConcurrentDictionary<string, bool> missing, CancellationToken ct)
    {
        var count = 0;
        using var batch = this.cache.NewBatch();
        try
        {
            foreach (var portion in objects.Where(md5 => !this.cache.Has(md5)).Chunk(PortionSize))
            {
                await Parallel.ForEachAsync(portion, new ParallelOptions { MaxDegreeOfParallelism = this.options.Jobs, CancellationToken = ct }, async (md5, token) =>
                {
                    try
                    {
                        await this.download.FetchAsync(md5, batch, token);
                        Interlocked.Increment(ref count);
                        this.options.Progress.Done();
                    }
                    catch (BlobNotFoundException)
                    {
                        missing[md5] = true;
                    }
                });
                batch.Commit();
            }
        }
        catch (Exception error)
        {
            KeepWhatArrived(batch);
            if (error is IOException or UnauthorizedAccessException)
                throw new DataException($"cannot write to the cache {this.cache.Folder}: {error.Message}; what had arrived before is kept, and the same command goes on from there", error);
            throw;
        }

        this.Fetched += count;
        return count;
    }
}
