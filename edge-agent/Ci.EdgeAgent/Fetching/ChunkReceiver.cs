using System.Security.Cryptography;
using Ci.EdgeAgent.Sources;
using Ci.Releases;

namespace Ci.EdgeAgent.Fetching;

/// <summary>Takes one chunk out of a stream: never more bytes than it has, no faster than allowed, believed only if its digest fits.</summary>
internal sealed class ChunkReceiver(FetchPolicy policy, IncomingFile file, string path)
{
    private long received;

    /// <summary>Bytes that came through here.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Reads the chunk and writes it; the caller commits it. With <paramref name="keep"/> false it is only read past.</summary>
    /// <exception cref="EndOfStreamException">The stream ended before.</exception>
    /// <exception cref="WrongBytesException">These are not the signed bytes.</exception>
    public async Task ReceiveAsync(Chunk chunk, Stream source, string where, bool keep, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[policy.Rate.Portion];
        byte[]? first = null;
        for (var at = 0; at < chunk.Length;)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, chunk.Length - at)), ct);
            if (read == 0)
                throw first is not null && WebPage.Is(first) ? new SourceUnavailableException(WebPage.Words(path, where)) : new EndOfStreamException($"{where} ended {path} after {chunk.Offset + at} of {chunk.Offset + chunk.Length} bytes");
            Interlocked.Add(ref received, read);
            policy.Count(read);
            first ??= buffer[..Math.Min(read, 512)];
            if (keep)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(chunk.Offset + at, buffer.AsMemory(0, read), ct);
            }

            at += read;
            await policy.Rate.TakeAsync(read, ct);
        }

        if (!keep || chunk.Sha256 is not { } wanted || Sha256Digest.FromRaw(hash.GetHashAndReset()) == wanted)
            return;
        if (WebPage.Is(first))
            throw new SourceUnavailableException(WebPage.Words(path, where));
        throw new WrongBytesException(RefusalCode.DigestMismatch, $"{path} in {where} is not the file that was signed (from byte {chunk.Offset} on)");
    }
}
