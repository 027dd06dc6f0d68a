using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>What is outside the device: the channel, the blob store, and a network that may break.</summary>
internal sealed class World : IDeploySource, IBlobStore, IRangedReads
{
    private Channel? channel;
    private long cutAfter = long.MaxValue;
    private int refusals;

    public string Description => "the world";

    public long Sequence { get; private set; }

    /// <summary>The release that the channel asks this device to run.</summary>
    public string Wanted => Catalogue.VersionOf(channel!.ReleaseFor(SimulatedDevice.Name).Hex);

    /// <summary>The network breaks after so many bytes, and stays away until a fetch has given up; then it is there again.</summary>
    public void BreakAfter(long bytes) => cutAfter = bytes;

    public void Publish(string version, string? pinnedTo = null)
    {
        Sequence++;
        channel = new Channel
        {
            Environment = Deployment.Environment,
            Model = Catalogue.Model,
            Release = Catalogue.Releases[version].Release.Id,
            Sequence = Sequence,
            PromotionId = Sha256Digest.Of([(byte)Sequence]),
            Pins = pinnedTo is null ? new Dictionary<string, Sha256Digest>() : new Dictionary<string, Sha256Digest> { [SimulatedDevice.Name] = Catalogue.Releases[pinnedTo].Release.Id },
        };
    }

    public Task<string> RefreshAsync(CancellationToken ct) => Task.FromResult("revision");

    public Task<byte[]?> ReadAsync(string revision, string path, CancellationToken ct)
    {
        if (path == Channel.PathOf(Deployment.Environment, Catalogue.Model))
            return Task.FromResult(channel?.ToBytes());
        var id = Path.GetFileName(path).Split('.')[0];
        var signed = Catalogue.Releases.Values.FirstOrDefault(r => r.Release.Id.Hex == id);
        return Task.FromResult(path.EndsWith(".sigstore.json", StringComparison.Ordinal) ? signed?.Bundle : signed?.Document);
    }

    public Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default) =>
        Task.FromResult<BlobInfo?>(new BlobInfo(key, Bytes(key).Length, "etag", DateTimeOffset.UnixEpoch));

    public Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default)
    {
        var bytes = Bytes(key);
        if (refusals > 0)
        {
            refusals--;
            throw new StorageUnavailableException("the network is away");
        }

        var sent = (int)Math.Min(length, cutAfter);
        cutAfter -= cutAfter == long.MaxValue ? 0 : sent;
        if (sent < length)
            (cutAfter, refusals) = (long.MaxValue, new FetchSettings().Attempts - 1);
        return Task.FromResult(new BlobRange(new BlobInfo(key, bytes.Length, "etag", DateTimeOffset.UnixEpoch), offset, new MemoryStream(bytes, (int)offset, sent, writable: false)));
    }

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) => throw new NotSupportedException();

    public Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default) => throw new NotSupportedException();

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) => throw new NotSupportedException();

    public Task DeleteAsync(string key, CancellationToken ct = default) => throw new NotSupportedException();

    private static byte[] Bytes(string key) => Catalogue.Blobs.First(b => BlobKeys.OfSha256(b.Key) == key).Value;
}
