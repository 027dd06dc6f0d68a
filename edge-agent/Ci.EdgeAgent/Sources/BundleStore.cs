using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Sources;

/// <summary>The blobs of the imported bundles, for reading.</summary>
internal sealed class BundleStore(ImportedBundles bundles) : IBlobStore, IRangedReads
{
    public string Description => "the imported bundles";

    public Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default) =>
        Task.FromResult(Find(key) is var (archive, name) ? new BlobInfo(key, archive.SizeOf(name)!.Value, "", DateTimeOffset.UnixEpoch) : null);

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) =>
        Task.FromResult(Find(key) is var (archive, name) ? archive.OpenRead(name, offset)! : throw new BlobNotFoundException(key, Description));

    public Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default) =>
        Task.FromResult(Find(key) is var (archive, name)
            ? new BlobRange(new BlobInfo(key, archive.SizeOf(name)!.Value, "", DateTimeOffset.UnixEpoch), offset, archive.OpenRead(name, offset)!)
            : throw new BlobNotFoundException(key, Description));

    public Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default) =>
        throw new StorageRefusedException($"{Description} are read-only");

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) => throw new StorageRefusedException($"{Description} are not listed");

    public Task DeleteAsync(string key, CancellationToken ct = default) => throw new StorageRefusedException($"{Description} are read-only");

    private (BundleArchive Archive, string Name)? Find(string key) =>
        Sha256Digest.TryParse(key[(key.LastIndexOf('/') + 1)..], out var digest)
            && BundleFormat.ObjectName(digest) is var name
            && bundles.All().FirstOrDefault(b => b.Archive.SizeOf(name) is not null) is { } bundle
            ? (bundle.Archive, name)
            : null;
}
