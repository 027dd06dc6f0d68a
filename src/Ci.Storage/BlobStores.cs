using Ci.Storage.FileSystem;
using Ci.Storage.Http;

namespace Ci.Storage;

/// <summary>Opens a blob store by its address, from an explicit list of providers.</summary>
public sealed class BlobStores(IReadOnlyList<BlobProvider> providers)
{
    /// <summary>What this build knows: folders, and HTTP(S) for reading.</summary>
    public static BlobStores Default { get; } = new(
    [
        new BlobProvider("a folder (a path or file://…)", FolderBlobStore.Accepts, FolderBlobStore.OfAddress),
        new BlobProvider("http:// and https:// (read-only)", HttpBlobStore.Accepts, address => new RetryingBlobStore(HttpBlobStore.OfAddress(address))),
    ]);

    /// <summary>Opens the store; neither disk nor network is touched before the first call on it.</summary>
    /// <param name="address">A folder's path, <c>file:///srv/blobs</c>, <c>https://host/path</c>.</param>
    /// <exception cref="UnknownBlobStoreException">No provider, or more than one, takes the address.</exception>
    public IBlobStore Open(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var known = string.Join(", ", providers.Select(p => p.Name));
        if (string.IsNullOrWhiteSpace(address))
            throw new UnknownBlobStoreException($"the blob store's address is empty; give one of: {known}");
        var matches = providers.Where(p => p.Accepts(address)).ToList();
        return matches.Count switch
        {
            1 => matches[0].Open(address),
            0 => throw new UnknownBlobStoreException($"no blob store is known for `{address}`; this build knows {known}"),
            _ => throw new UnknownBlobStoreException($"`{address}` fits several blob stores: {string.Join(", ", matches.Select(p => p.Name))}"),
        };
    }
}
