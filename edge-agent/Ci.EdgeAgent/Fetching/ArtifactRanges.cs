using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Fetching;

/// <summary>Opens parts of one artifact at a mirror: of the version that was begun, and only where the blob is as long as the artifact.</summary>
internal sealed class ArtifactRanges(Artifact artifact)
{
    /// <summary>The part; a mirror that knows no ranges answers from another offset than asked for.</summary>
    /// <exception cref="WrongBytesException">The blob has another length than was signed.</exception>
    public async Task<BlobRange> OpenAsync(Mirror mirror, long offset, long length, CancellationToken ct)
    {
        var (hex, key) = (artifact.Sha256.Hex, mirror.KeyOf(artifact.Sha256.Hex));
        if (mirror.Store is not IRangedReads ranged)
            return new BlobRange(new BlobInfo(key, -1, "", DateTimeOffset.UnixEpoch), offset, await mirror.Store.OpenReadAsync(key, offset, ct));
        var range = await ranged.OpenRangeAsync(key, offset, length, mirror.ETagOf(hex), ct);
        try
        {
            if (range.Info.Length >= 0 && range.Info.Length != artifact.Bytes)
                throw await WrongLengthAsync(range, mirror, ct);
            mirror.SawETag(hex, range.Info.ETag);
            return range;
        }
        catch
        {
            await range.DisposeAsync();
            throw;
        }
    }

    private async Task<Exception> WrongLengthAsync(BlobRange range, Mirror mirror, CancellationToken ct)
    {
        var first = new byte[512];
        var read = await range.Content.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, ct);
        return range.Offset == 0 && WebPage.Is(first.AsSpan(0, read))
            ? new SourceUnavailableException(WebPage.Words(artifact.Path, mirror.Description))
            : new WrongBytesException(RefusalCode.SizeMismatch, $"{artifact.Path} has {range.Info.Length} bytes in {mirror.Description}; {artifact.Bytes} were signed");
    }
}
