using Ci.Data;
using Ci.Storage;

namespace Ci.Pipelines.Upstream;

/// <summary>The places where another repository keeps its data, in the order in which they are asked.</summary>
internal sealed class UpstreamData(IReadOnlyList<IBlobStore> stores, ObjectCache cache)
{
    private const int MostListing = 512 << 20;

    private readonly Dictionary<string, DirectoryListing> listings = new(StringComparer.Ordinal);

    /// <summary>A folder's listing; it is not put into the cache, where a listing means that its files are there, too.</summary>
    public async Task<DirectoryListing> ListingAsync(string md5, string shown, CancellationToken ct)
    {
        if (this.listings.TryGetValue(md5, out var known))
            return known;
        if (cache.Has(md5))
            return this.listings[md5] = cache.ReadListing(md5);
        foreach (var store in stores)
        {
            if (await ReadAsync(store, md5, ct) is { } listing)
                return this.listings[md5] = listing;
        }

        throw this.Missing([shown]);
    }

    /// <summary>Brings objects into the cache.</summary>
    public async Task<int> FetchAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct)
    {
        var count = 0;
        var left = outputs.Where(o => !cache.HasAll(o.Digest.Md5)).ToList();
        foreach (var store in left.Count == 0 ? [] : stores)
        {
            try
            {
                count += await new DataTransfer(cache, store).FetchAsync(left, ct);
                return count;
            }
            catch (Exception error) when (error is MissingDataException or StorageUnavailableException && store != stores[^1])
            {
                // The next place may have it.
            }

            left = [.. left.Where(o => !cache.HasAll(o.Digest.Md5))];
        }

        return left.Count == 0 ? count : throw this.Missing([.. left.Select(o => o.Path)]);
    }

    private MissingDataException Missing(IReadOnlyList<string> paths) => new(
        stores.Count == 0
            ? $"{string.Join(", ", paths.Take(5))}: that repository has no remote for its data; whoever owns it has to set a default one (`mlops remote add --default`), or say --remote"
            : $"{string.Join(", ", paths.Take(5))}: not on {string.Join(" nor on ", stores.Select(s => s.Description))}; whoever owns that repository has to run `mlops push`", paths);

    private static async Task<DirectoryListing?> ReadAsync(IBlobStore store, string md5, CancellationToken ct)
    {
        try
        {
            await using var source = await store.OpenReadAsync(Digest.KeyOf(md5), 0, ct);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await source.ReadAsync(buffer, ct)) > 0)
            {
                if (bytes.Length + read > MostListing)
                    throw new CorruptDataException($"the folder listing {md5} on {store.Description} is larger than {MostListing >> 20} MiB");
                bytes.Write(buffer, 0, read);
            }

            var listing = DirectoryListing.Read(bytes.ToArray(), md5);
            return listing.Md5 == md5 ? listing : throw new CorruptDataException($"`{Digest.KeyOf(md5)}` on {store.Description} is damaged: its bytes have the digest {listing.Md5}");
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }
}
