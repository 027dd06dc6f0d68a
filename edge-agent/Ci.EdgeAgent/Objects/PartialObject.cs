using System.Buffers.Binary;
using System.Security.Cryptography;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// An object on its way: a file that is filled chunk by chunk in any order, and beside it the map of those that are whole. A chunk stands in
/// the map only after its bytes were flushed, so the map survives a power cut and never says too much. The object appears under its name
/// only after all of it was hashed again.
/// </summary>
internal sealed class PartialObject : IDisposable
{
    private const int HeaderBytes = 16;
    private const int RecordBytes = 8;
    private readonly IDeviceFiles files;
    private readonly (string Partial, string Map, string Final) paths;
    private readonly string sha256;
    private readonly long size;
    private readonly int chunkBytes;
    private readonly HashSet<int> whole = [];
    private readonly Lock gate = new();
    private IDeviceFile data;
    private IDeviceFile map;

    private PartialObject(IDeviceFiles files, string sha256, long size, int chunkBytes, (string Partial, string Map, string Final) paths)
    {
        (this.files, this.sha256, this.size, this.chunkBytes, this.paths) = (files, sha256, size, chunkBytes, paths);
        data = files.OpenAppend(paths.Partial);
        map = files.OpenAppend(paths.Map);
    }

    /// <summary>Bytes of the chunks that are whole.</summary>
    public long VerifiedBytes
    {
        get
        {
            lock (gate)
                return whole.Sum(LengthOf);
        }
    }

    public int Chunks => (int)((size + chunkBytes - 1) / chunkBytes);

    public static PartialObject Open(IDeviceFiles files, string sha256, long size, int chunkBytes, string partial, string map, string final)
    {
        var opened = new PartialObject(files, sha256, size, chunkBytes, (partial, map, final));
        try
        {
            if (!opened.Replay())
                opened.Clear();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public bool IsVerified(int index)
    {
        lock (gate)
            return whole.Contains(index);
    }

    /// <summary>Writes part of a chunk; others may write other chunks at the same time.</summary>
    public Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
    {
        if (offset < 0 || offset + bytes.Length > size)
            throw new InvalidOperationException($"bytes {offset} to {offset + bytes.Length} are no part of an object of {size}");
        data.WriteAt(offset, bytes.Span);
        return Task.CompletedTask;
    }

    /// <summary>Returns when it would survive a power cut that this chunk is whole.</summary>
    public Task CommitChunkAsync(int index)
    {
        lock (gate)
        {
            data.Sync();
            if (whole.Contains(index))
                return Task.CompletedTask;
            var record = new byte[RecordBytes];
            BinaryPrimitives.WriteInt32LittleEndian(record, index);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Crc32C.Of(record.AsSpan(0, 4)));
            map.Write(record);
            map.Sync();
            whole.Add(index);
        }

        return Task.CompletedTask;
    }

    /// <summary>Hashes all of it again and gives it its name. Whatever is not the signed bytes is thrown away.</summary>
    public Task<StoreOutcome> CompleteAsync()
    {
        if (size == 0)
            data.Sync();
        using (var stream = files.OpenRead(paths.Partial))
        {
            if (stream.Length != size || Convert.ToHexStringLower(SHA256.HashData(stream)) != sha256)
            {
                Clear();
                return Task.FromResult(StoreOutcome.DigestMismatch);
            }
        }

        data.Dispose();
        map.Dispose();
        files.Rename(paths.Partial, paths.Final);
        files.SyncFolder(Path.GetDirectoryName(paths.Final)!);
        files.Delete(paths.Map);
        return Task.FromResult(StoreOutcome.Stored);
    }

    /// <summary>Begins again from nothing.</summary>
    private void Clear()
    {
        lock (gate)
        {
            whole.Clear();
            map.Truncate(0);
            map.Write(Header());
            map.Sync();
            data.Truncate(0);
        }
    }

    public void Dispose()
    {
        data.Dispose();
        map.Dispose();
    }

    private long LengthOf(int index) => Math.Min(chunkBytes, size - ((long)index * chunkBytes));

    private byte[] Header()
    {
        var header = new byte[HeaderBytes];
        "MLPM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), chunkBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), size);
        return header;
    }

    // A torn record is cut; a map of other chunks, or of bytes that are not there, is none.
    private bool Replay()
    {
        if (map.Length < HeaderBytes || data.Length > size)
            return false;
        var bytes = DurableFile.Read(files, paths.Map, HeaderBytes + ((Chunks + 1L) * RecordBytes * 2)) ?? [];
        if (!bytes.AsSpan(0, HeaderBytes).SequenceEqual(Header()))
            return false;
        var at = HeaderBytes;
        for (; at + RecordBytes <= bytes.Length; at += RecordBytes)
        {
            var record = bytes.AsSpan(at, RecordBytes);
            var index = BinaryPrimitives.ReadInt32LittleEndian(record);
            if (Crc32C.Of(record[..4]) != BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) || index < 0 || index >= Chunks)
                break;
            if (((long)index * chunkBytes) + LengthOf(index) > data.Length)
                return false;
            whole.Add(index);
        }

        map.Truncate(at);
        return true;
    }
}
