using System.Buffers;
using System.Security.Cryptography;
using Ci.Storage;

namespace Ci.Data;

/// <summary>
/// Fetches one object and hashes it on arrival. A connection that breaks is continued by range, as long as the remote still has the same
/// version; a large object that does not arrive at all leaves its beginning for the next command.
/// </summary>
internal sealed class ObjectDownload(ObjectCache cache, IBlobStore remote, TransferOptions options)
{
    private const int KeepFrom = 4 << 20;
    private const int MostFailures = 6;
    private const int BufferSize = 1 << 17;

    /// <summary>Fetches an object into the batch.</summary>
    /// <exception cref="BlobNotFoundException">The remote lacks it.</exception>
    /// <exception cref="CorruptDataException">The remote's bytes are not what their name says; they were not kept.</exception>
    public async Task FetchAsync(string md5, ObjectBatch batch, CancellationToken ct)
    {
        var found = await this.FetchOnceAsync(md5, batch, ct);
        // A beginning that was kept may have been damaged meanwhile: once more, from the start.
        if (found.WasContinued && found.Digest != md5[..32])
            found = await this.FetchOnceAsync(md5, batch, ct);
        if (found.Digest != md5[..32])
            throw new CorruptDataException($"`{Digest.KeyOf(md5)}` on {remote.Description} is damaged: its bytes have the digest {found.Digest}; remove it there and push it again from a machine that has it");
    }

    private async Task<(string Digest, bool WasContinued)> FetchOnceAsync(string md5, ObjectBatch batch, CancellationToken ct)
    {
        using var target = new Target(batch) { Kept = remote is IDescribedReads ? PartialObject.Find(cache.Folder, md5) : null };
#pragma warning disable CA5351 // DVC's formats name content by MD5
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var continued = target.Kept is { File.Length: > 0 };
        if (continued)
            await HashAsync(target.Kept!.File, hash, ct);
        for (var failures = 0; ;)
        {
            var before = target.Length;
            try
            {
                await this.CopyAsync(md5, target, hash, ct);
                break;
            }
            catch (BlobChangedException) when (target.Length > 0)
            {
                target.StartAnew();
                hash.GetHashAndReset();
                continued = false;
            }
            catch (StorageUnavailableException) when (++failures < MostFailures || target.Length > before)
            {
                failures = target.Length > before ? 0 : failures;
                if (!target.CanContinue)
                {
                    target.StartAnew();
                    hash.GetHashAndReset();
                }

                await Task.Delay(options.FirstPause * Math.Pow(2, failures), options.Time, ct);
            }
        }

        var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (digest != md5[..32] && Digest.IsLegacyName(md5) && target.Path is { } arrived)
            digest = LegacyDigests.OfFile(arrived);
        target.Finish(md5, isGood: digest == md5[..32]);
        return (digest, continued);
    }

    private async Task CopyAsync(string md5, Target target, IncrementalHash hash, CancellationToken ct)
    {
        var key = Digest.KeyOf(md5);
        var total = -1L;
        Stream source;
        if (target.Length > 0)
            source = await ((IConditionalReads)remote).OpenReadIfMatchAsync(key, target.Kept?.ETag ?? target.ETag, target.Length, ct);
        else if (remote is IDescribedReads described)
        {
            (var info, source) = await described.OpenDescribedAsync(key, ct);
            total = info.Length;
            target.ETag = info.ETag;
            if (info.Length >= KeepFrom && target.Kept is null)
                target.Kept = PartialObject.Begin(cache.Folder, md5, info.ETag);
        }
        else
            source = await remote.OpenReadAsync(key, 0, ct);

        await using var open = source;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await this.ReadAsync(source, buffer, key, ct)) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), ct);
                hash.AppendData(buffer, 0, read);
                options.Progress.Moved(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (total >= 0 && target.Length < total)
            throw new StorageUnavailableException($"{remote.Description} ended `{key}` after {target.Length} of {total} bytes");
    }

    private async Task<int> ReadAsync(Stream source, byte[] buffer, string key, CancellationToken ct)
    {
        try
        {
            return await source.ReadAsync(buffer, ct);
        }
        catch (IOException error)
        {
            throw new StorageUnavailableException($"the connection to {remote.Description} broke while `{key}` was read: {error.Message}", error);
        }
    }

    private static async Task HashAsync(FileStream file, IncrementalHash hash, CancellationToken ct)
    {
        file.Position = 0;
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await file.ReadAsync(buffer, ct)) > 0)
            hash.AppendData(buffer, 0, read);
    }

    /// <summary>Where the bytes go: a file of the batch, or a beginning that is kept when the rest does not come.</summary>
    private sealed class Target(ObjectBatch batch) : IDisposable
    {
        private FileStream? plain;

        public PartialObject? Kept { get; set; }

        public string ETag { get; set; } = "";

        public long Length => this.Kept?.File.Length ?? this.plain?.Length ?? 0;

        public string? Path => this.Kept?.Path ?? this.plain?.Name;

        public bool CanContinue => this.Kept is not null || this.ETag is ['"', ..];

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
        {
            var file = this.Kept?.File ?? (this.plain ??= new FileStream(batch.NewTemporary(), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous));
            file.Position = file.Length;
            await file.WriteAsync(bytes, ct);
        }

        public void StartAnew()
        {
            if (this.Kept is { } kept)
                File.Delete(kept.Path);
            this.Kept?.Dispose();
            this.Kept = null;
            this.plain?.SetLength(0);
            this.ETag = "";
        }

        public void Finish(string md5, bool isGood)
        {
            var path = this.Path;
            // An object may be empty, and nothing was ever written then.
            if (path is null)
            {
                path = batch.NewTemporary();
                File.Create(path).Dispose();
            }

            if (!isGood)
                File.Delete(path);
            else if (this.Kept is null)
            {
                this.plain?.Dispose();
                batch.AddWritten(path, md5);
            }
            else
            {
                var own = batch.NewTemporary();
                File.Move(path, own);
                this.Kept.Dispose();
                batch.AddWritten(own, md5);
            }
        }

        public void Dispose()
        {
            this.Kept?.Dispose();
            this.plain?.Dispose();
        }
    }
}
