using System.Buffers.Binary;
using System.Security.Cryptography;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// Which chunks of a partial object are on disk, and their SHA-256: a file that is only appended to, a record a chunk. A record that is not whole,
/// and what follows it, counts as absent. The map is a claim: whoever opens a partial hashes the chunks against it.
/// </summary>
/// <remarks>
/// Header, little-endian: magic <c>MLP1</c> (4), chunk size (4), object size (8), CRC-32C of the 16 bytes before (4). Record: index (4), CRC-32C of
/// the other 36 bytes (4), SHA-256 of the chunk (32).
/// </remarks>
internal sealed class ChunkMap
{
    public const int HeaderBytes = 20;
    public const int RecordBytes = 40;
    private const uint Magic = 0x31504C4D; // "MLP1"

    private ChunkMap(Dictionary<int, byte[]> chunks, long wholeBytes) => (Chunks, WholeBytes) = (chunks, wholeBytes);

    public IReadOnlyDictionary<int, byte[]> Chunks { get; }

    /// <summary>Where the next record goes; 0 where the file is no map of this object, and begins anew.</summary>
    public long WholeBytes { get; }

    public static ChunkMap Read(IDeviceFiles files, string path, long size, int chunkBytes)
    {
        var chunks = new Dictionary<int, byte[]>();
        var count = CountOf(size, chunkBytes);
        // A map is appended to once a chunk, twice where a chunk was damaged: a much longer one is not ours.
        if (files.Length(path) is not { } length || length < HeaderBytes || length > HeaderBytes + (4L * (count + 16) * RecordBytes))
            return new ChunkMap(chunks, 0);
        var bytes = DurableFile.Read(files, path, length)!;
        if (!bytes.AsSpan(0, HeaderBytes).SequenceEqual(Header(size, chunkBytes)))
            return new ChunkMap(chunks, 0);
        var at = HeaderBytes;
        for (; at + RecordBytes <= bytes.Length; at += RecordBytes)
        {
            var record = bytes.AsSpan(at, RecordBytes);
            var index = BinaryPrimitives.ReadInt32LittleEndian(record);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != Crc32C.Of(record[..4], record[8..]) || index < 0 || index >= count)
                break;
            chunks[index] = record[8..].ToArray();
        }

        return new ChunkMap(chunks, at);
    }

    /// <summary>Bytes of the chunks that a map claims, whatever their size; 0 where it is no map of an object of this size. Nothing is hashed.</summary>
    public static long ClaimedBytes(IDeviceFiles files, string path, long size)
    {
        if (files.Length(path) is not { } length || length < HeaderBytes)
            return 0;
        var header = new byte[HeaderBytes];
        using (var stream = files.OpenRead(path))
            stream.ReadExactly(header);
        var chunkBytes = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        return chunkBytes > 0 && header.AsSpan().SequenceEqual(Header(size, chunkBytes)) ? Math.Min(size, (length - HeaderBytes) / RecordBytes * chunkBytes) : 0;
    }

    public static int CountOf(long size, int chunkBytes) => checked((int)((size + chunkBytes - 1) / chunkBytes));

    public static byte[] Header(long size, int chunkBytes)
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), chunkBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), size);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc32C.Of(header.AsSpan(0, 16)));
        return header;
    }

    public static byte[] Record(int index, ReadOnlySpan<byte> sha256)
    {
        var record = new byte[RecordBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record, index);
        sha256[..SHA256.HashSizeInBytes].CopyTo(record.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Crc32C.Of(record.AsSpan(0, 4), record.AsSpan(8)));
        return record;
    }
}
