using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// A copy of the deploy repository as files: a web folder, a container, a bucket, a folder. Nobody there says who wrote it, so its index is
/// signed; channels are believed by their digest in it, releases by their own signature. An unchanged index costs one request without a body.
/// </summary>
internal sealed class MirrorSource(IBlobStore store, IReadOnlyList<TrustedKey> keys, SourceMemory memory) : IDeploySource, IDisposable
{
    private const int MaxDocumentBytes = 4 << 20;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly Dictionary<string, byte[]> channels = new(StringComparer.Ordinal);
    private MirrorIndex? index;
    private string? etag;

    public string Description => $"the mirror in {store.Description}";

    public async Task<string> RefreshAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (await ReadIndexAsync(ct) is var (bytes, tag))
            {
                Take(MirrorIndex.Read(bytes, keys));
                etag = tag;
            }

            CheckTime(index!);
            memory.Saw(index!.IssuedAt);
            return index.IssuedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (ReleaseRefusedException error)
        {
            throw new SourceRefusedException(error.Code, $"{Description}: {error.Message}", error);
        }
        catch (BlobNotFoundException error)
        {
            throw new SourceUnavailableException($"{Description} has no {MirrorIndex.FileName}; `mlops edge mirror` writes it", error);
        }
        catch (Exception error) when (error is StorageException or IOException)
        {
            throw new SourceUnavailableException(error.Message, error);
        }
        finally
        {
            one.Release();
        }
    }

    public async Task<byte[]?> ReadAsync(string revision, string path, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (!path.StartsWith("channels/", StringComparison.Ordinal))
                return await ReadFileAsync(path, ct);
            if (index?.DigestOf(path) is not { } wanted)
                return null;
            if (channels.TryGetValue(path, out var known) && Sha256Digest.Of(known) == wanted)
                return known;
            var bytes = await ReadFileAsync(path, ct);
            if (bytes is null || Sha256Digest.Of(bytes) != wanted)
            {
                // Perhaps it is being written just now: the next look asks for the index anew, body and all.
                etag = null;
                throw new SourceRefusedException(RefusalCode.MirrorMismatch, $"{Description}: {path} is not the file that the signed index lists");
            }

            return channels[path] = bytes;
        }
        catch (Exception error) when (error is StorageException or IOException)
        {
            throw new SourceUnavailableException(error.Message, error);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    // Null: not changed.
    private async Task<(byte[] Bytes, string? ETag)?> ReadIndexAsync(CancellationToken ct)
    {
        if (store is not IRevalidatedReads fresh)
            return (await ReadFileAsync(MirrorIndex.FileName, ct) ?? throw new BlobNotFoundException(MirrorIndex.FileName, store.Description), null);
        await using var answer = await fresh.OpenIfChangedAsync(MirrorIndex.FileName, index is null ? null : etag, ct);
        return answer is null ? null : (await BoundedAsync(answer.Content, MirrorIndex.FileName, MirrorIndex.MaxDocumentBytes, ct), answer.Info.ETag);
    }

    private async Task<byte[]?> ReadFileAsync(string path, CancellationToken ct)
    {
        try
        {
            if (store is not IRevalidatedReads fresh)
            {
                await using var plain = await store.OpenReadAsync(path, 0, ct);
                return await BoundedAsync(plain, path, MaxDocumentBytes, ct);
            }

            // Without a condition, and the way that refuses packed answers.
            await using var answer = await fresh.OpenIfChangedAsync(path, null, ct) ?? throw new StorageUnavailableException($"{store.Description} answered 304 to no condition for `{path}`");
            return await BoundedAsync(answer.Content, path, MaxDocumentBytes, ct);
        }
        catch (BlobNotFoundException) when (path != MirrorIndex.FileName)
        {
            return null;
        }
    }

    private async Task<byte[]> BoundedAsync(Stream content, string path, int most, CancellationToken ct)
    {
        var bytes = await BoundedRead.ReadAsync(content, most, ct)
            ?? throw new SourceRefusedException(RefusalCode.MirrorMalformed, $"{Description}: {path} has more than {most} bytes");
        return WebPage.Is(bytes.AsSpan(0, Math.Min(512, bytes.Length))) ? throw new SourceUnavailableException(WebPage.Words(path, store.Description)) : bytes;
    }

    private void Take(MirrorIndex read)
    {
        if (memory.Clock.IsImpossible(read.IssuedAt))
            throw new ReleaseRefusedException(RefusalCode.MirrorMalformed, $"the index says that it was signed at {read.IssuedAt:u}, which is yet to come; mend the clock of whoever signed it, or of this device");
        var newest = memory.MirrorIssuedAt;
        if (read.IssuedAt < newest)
            throw new ReleaseRefusedException(RefusalCode.MirrorRollback, $"the index was signed at {read.IssuedAt:u}; this device has seen one of {newest:u}");
        index = read;
    }

    // Said of an unchanged index, too: holding still is how news is held back.
    private void CheckTime(MirrorIndex seen)
    {
        if (memory.Clock.Now is var now && now > seen.Expires)
        {
            throw new ReleaseRefusedException(
                RefusalCode.MirrorExpired,
                $"the index expired at {seen.Expires:u}, and it is {now:u}{(memory.Clock.IsSet ? "" : " by signed times (this device's own clock is not set)")}: `mlops edge mirror` renews it");
        }
    }
}
