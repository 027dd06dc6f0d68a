using Ci.Storage.AzureBlobs;
using Ci.Storage.FileSystem;
using Ci.Storage.Http;
using Ci.Storage.S3;

namespace Ci.Storage;

/// <summary>Opens a blob store by its address, from an explicit list of providers.</summary>
public sealed class BlobStores(IReadOnlyList<BlobProvider> providers)
{
    /// <summary>What this build knows. Stores behind a network retry what fails for the moment.</summary>
    public static BlobStores Default { get; } = new(
    [
        new BlobProvider("a folder (a path or file://…)", FolderBlobStore.Accepts, location => FolderBlobStore.OfAddress(location.Address)),
        new BlobProvider("azure://container/path", AzureBlobStore.Accepts, location => Retrying(AzureBlobStore.Of(location), location)),
        new BlobProvider("s3://bucket/path", S3BlobStore.Accepts, location => Retrying(S3BlobStore.Of(location), location)),
        // A container's own web address is Azure's, whose store reads and writes it.
        new BlobProvider(
            "http:// and https:// (read-only)",
            address => HttpBlobStore.Accepts(address) && !AzureBlobStore.Accepts(address),
            location => Retrying(HttpBlobStore.Of(location), location)),
    ]);

    /// <summary>Opens the store; neither disk nor network is touched before the first call on it.</summary>
    /// <param name="address">A folder's path, <c>file:///srv/blobs</c>, <c>https://host/path</c>.</param>
    /// <exception cref="UnknownBlobStoreException">No provider, or more than one, takes the address.</exception>
    public IBlobStore Open(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return this.Open(new BlobLocation(address));
    }

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="location">The address, with settings and credentials.</param>
    public IBlobStore Open(BlobLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var address = location.Address;
        var known = string.Join(", ", providers.Select(p => p.Name));
        if (string.IsNullOrWhiteSpace(address))
            throw new UnknownBlobStoreException($"the blob store's address is empty; give one of: {known}");
        var matches = providers.Where(p => p.Accepts(address)).ToList();
        return matches.Count switch
        {
            1 => matches[0].Open(location),
            0 => throw new UnknownBlobStoreException($"no blob store is known for `{address}`; this build knows {known}"),
            _ => throw new UnknownBlobStoreException($"`{address}` fits several blob stores: {string.Join(", ", matches.Select(p => p.Name))}"),
        };
    }

    private static IBlobStore Retrying(IBlobStore store, BlobLocation location) =>
        location.Retries > 0 ? new RetryingBlobStore(store, location.Time, location.Retries) : store;
}
