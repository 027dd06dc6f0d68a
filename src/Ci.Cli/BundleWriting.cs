using System.Security.Cryptography;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli;

/// <summary>Writes one bundle: documents first, so that a reader knows what to believe before the large files come; whole or not at all.</summary>
internal sealed class BundleWriting(IBlobStore store)
{
    private static readonly byte[] Zeros = new byte[2 * BundleFormat.BlockBytes];

    /// <summary>The bytes of the archive that was written.</summary>
    public async Task<long> WriteAsync(string file, byte[] index, EdgeContent content, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = file + ".tmp";
        try
        {
            long length;
            await using (var target = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 17))
            {
                await AddAsync(target, MirrorIndex.FileName, index, ct);
                foreach (var (path, bytes) in content.Channels.Concat(content.Documents))
                    await AddAsync(target, path, bytes, ct);
                var needed = content.Releases.SelectMany(r => r.Artifacts).Where(a => a.Role is ArtifactRole.Model or ArtifactRole.Golden or ArtifactRole.Other);
                foreach (var artifact in needed.DistinctBy(a => a.Sha256).OrderBy(a => a.Sha256.Hex, StringComparer.Ordinal))
                    await this.AddAsync(target, artifact, ct);
                await target.WriteAsync(Zeros, ct);
                target.Flush(flushToDisk: true);
                length = target.Length;
            }

            File.Move(temporary, file, overwrite: true);
            return length;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task AddAsync(FileStream target, string name, byte[] bytes, CancellationToken ct)
    {
        await target.WriteAsync(BundleFormat.Header(new BundleEntry(name, bytes.Length)), ct);
        await target.WriteAsync(bytes, ct);
        await PadAsync(target, bytes.Length, ct);
    }

    private async Task AddAsync(FileStream target, Artifact artifact, CancellationToken ct)
    {
        await target.WriteAsync(BundleFormat.Header(new BundleEntry(BundleFormat.ObjectName(artifact.Sha256), artifact.Bytes)), ct);
        await using var source = await store.OpenReadAsync(BlobKeys.OfSha256(artifact.Sha256.Hex), ct: ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        var left = artifact.Bytes;
        for (int read; left >= 0 && (read = await source.ReadAsync(buffer, ct)) > 0; left -= read)
        {
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, left)), ct);
        }

        if (left != 0)
            throw new ReleaseRefusedException(RefusalCode.SizeMismatch, $"{artifact.Path} in {store.Description} does not have the {artifact.Bytes} bytes that were signed");
        if (Sha256Digest.FromRaw(hash.GetHashAndReset()) != artifact.Sha256)
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{artifact.Path} in {store.Description} is not the file that was signed");
        await PadAsync(target, artifact.Bytes, ct);
    }

    private static async Task PadAsync(FileStream target, long bytes, CancellationToken ct) =>
        await target.WriteAsync(Zeros.AsMemory(0, (int)(BundleFormat.Padded(bytes) - bytes)), ct);
}
