using System.Buffers;
using System.Security.Cryptography;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// An object on its way: <c>objects/partial/DIGEST</c> and its map of verified chunks (<see cref="ChunkMap"/>). A chunk counts once it was
/// written, flushed and hashed; what counts survives a power cut, and is hashed again when it is opened. Never longer than the signed size.
/// Several may write different chunks at the same time. Errors are those of <see cref="IDeviceFiles"/>, and leave what counts as it is.
/// </summary>
internal sealed class PartialObject : IDisposable
{
    private readonly IDeviceFiles files;
    private readonly string path;
    private readonly string target;
    private readonly string sha256;
    private readonly Lock gate = new();
    private readonly bool[] verified;
    private readonly Action<string> syncFolder;
    private readonly IDeviceFile data;
    private readonly IDeviceFile map;
    private long mapBytes;

    private PartialObject(IDeviceFiles files, string folder, string target, WantedObject wanted, int chunkBytes, Action<string> syncFolder)
    {
        (this.files, path, this.target, sha256, Size, ChunkBytes) = (files, Path.Combine(folder, wanted.Sha256), target, wanted.Sha256, wanted.Bytes, chunkBytes);
        this.syncFolder = syncFolder;
        verified = new bool[ChunkMap.CountOf(Size, chunkBytes)];
        data = files.OpenAppend(path);
        map = files.OpenAppend(MapOf(path));
    }

    public long Size { get; }

    public int ChunkBytes { get; }

    public bool IsWhole(int index) => verified[index];

    public long OffsetOf(int index) => (long)index * ChunkBytes;

    public int LengthOf(int index) => (int)Math.Min(ChunkBytes, Size - OffsetOf(index));

    public static string MapOf(string path) => path + ".map";

    /// <summary>Opens what is left from before, or begins. Chunks that do not have the hash in the map are to be fetched again.</summary>
    public static PartialObject Open(IDeviceFiles files, string folder, string target, WantedObject wanted, int chunkBytes, Action<string> syncFolder)
    {
        var partial = new PartialObject(files, folder, target, wanted, chunkBytes, syncFolder);
        try
        {
            partial.Resume();
            return partial;
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    /// <summary>Writes bytes where they belong. Bytes beyond the signed size are an <see cref="ArgumentOutOfRangeException"/>, and none are written.</summary>
    public Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
    {
        if (offset < 0 || offset + bytes.Length > Size)
            throw new ArgumentOutOfRangeException(nameof(offset), $"bytes {offset} to {offset + bytes.Length} of {sha256}: {Size} were signed");
        for (var index = (int)(offset / ChunkBytes); OffsetOf(index) < offset + bytes.Length; index++)
            Volatile.Write(ref verified[index], false);
        data.WriteAt(offset, bytes.Span);
        return Task.CompletedTask;
    }

    /// <summary>When it returns, the chunk is on disk and in the map. All its bytes must have been written.</summary>
    public Task CommitChunkAsync(int index)
    {
        lock (gate)
        {
            if (data.Length < OffsetOf(index) + LengthOf(index))
                throw new InvalidOperationException($"chunk {index} of {sha256} is not whole yet");
            data.Sync();
            var record = ChunkMap.Record(index, Hash(index));
            if (map.Length != mapBytes)
                map.Truncate(mapBytes); // A record that did not reach the disk.
            map.Write(record);
            map.Sync();
            mapBytes += record.Length;
            Volatile.Write(ref verified[index], true);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Hashes the whole once more; only what equals its name gets it, and this is closed: then true. Other bytes are thrown away, as by
    /// <see cref="Clear"/>.
    /// </summary>
    public Task<bool> CompleteAsync()
    {
        if (Array.IndexOf(verified, false) is >= 0 and var missing)
            throw new InvalidOperationException($"chunk {missing} of {sha256} was not fetched yet");
        if (data.Length != Size || !ObjectHash.IsOf(files, path, sha256))
        {
            Clear();
            return Task.FromResult(false);
        }

        if (Size == 0)
            data.Sync();
        Dispose();
        files.Rename(path, target);
        syncFolder(Path.GetDirectoryName(target)!);
        Discard(files, path);
        return Task.FromResult(true);
    }

    /// <summary>Begins again from nothing.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Array.Clear(verified);
            data.Truncate(0);
            map.Truncate(ChunkMap.HeaderBytes);
            mapBytes = ChunkMap.HeaderBytes;
        }
    }

    /// <summary>The data first: a map without data claims nothing.</summary>
    public static void Discard(IDeviceFiles files, string path)
    {
        files.Delete(path);
        files.Delete(MapOf(path));
    }

    public void Dispose()
    {
        data.Dispose();
        map.Dispose();
    }

    private void Resume()
    {
        var known = ChunkMap.Read(files, MapOf(path), Size, ChunkBytes);
        if (data.Length > Size)
            data.Truncate(Size);
        foreach (var (index, hash) in known.Chunks)
            verified[index] = data.Length >= OffsetOf(index) + LengthOf(index) && Hash(index).AsSpan().SequenceEqual(hash);
        mapBytes = known.WholeBytes;
        if (map.Length != mapBytes)
            map.Truncate(mapBytes);
        if (mapBytes > 0)
            return;
        map.Write(ChunkMap.Header(Size, ChunkBytes));
        mapBytes = ChunkMap.HeaderBytes;
        map.Sync();
        files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private byte[] Hash(int index)
    {
        var length = LengthOf(index);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            using var stream = files.OpenRead(path);
            stream.Seek(OffsetOf(index), SeekOrigin.Begin);
            stream.ReadExactly(buffer, 0, length);
            return SHA256.HashData(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
