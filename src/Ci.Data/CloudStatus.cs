using Ci.Storage;

namespace Ci.Data;

/// <summary>Compares the cache with a remote, file by file, as <c>status --cloud</c> tells it.</summary>
public static class CloudStatus
{
    /// <summary>The files and folders that are not in both.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="outputs">What is compared.</param>
    /// <param name="options">How.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Absolute path, and <c>new</c> (only here), <c>deleted</c> (only there) or <c>missing</c> (nowhere), in order of paths.</returns>
    public static async Task<IReadOnlyList<(string Path, string State)>> CompareAsync(
        ObjectCache cache, IBlobStore remote, IReadOnlyCollection<TrackedOutput> outputs, TransferOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var transfer = new DataTransfer(cache, remote, options);
        var tops = await transfer.FindAsync(outputs.Select(o => o.Digest.Md5), ct);
        // Of a folder that is only there the listing says which files it has.
        var lists = outputs.Where(o => o.Digest.IsFolder && tops.Contains(o.Digest.Md5) && !cache.Has(o.Digest.Md5)).DistinctBy(o => o.Digest.Md5, StringComparer.Ordinal);
        foreach (var folder in lists)
            await transfer.FetchAsync([folder with { Only = [] }], ct);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var output in outputs)
        {
            Note(output.Path, output.Digest.Md5, tops.Contains(output.Digest.Md5));
            if (!output.Digest.IsFolder || !cache.Has(output.Digest.Md5))
                continue;
            var files = cache.ReadListing(output.Digest.Md5).Files.Where(f => output.Means(f.Path)).ToList();
            // A folder whose listing is there is there whole.
            var there = tops.Contains(output.Digest.Md5) ? null : await transfer.FindAsync(files.Select(f => f.Md5), ct);
            foreach (var (path, md5) in files)
                Note($"{output.Path}/{path}", md5, there is null || there.Contains(md5));
        }

        return [.. found.Select(f => (f.Key, f.Value))];

        void Note(string path, string md5, bool isThere)
        {
            var isHere = cache.Has(md5);
            if (isHere != isThere)
                found[path] = isHere ? "new" : "deleted";
            else if (!isHere)
                found[path] = "missing";
        }
    }
}
