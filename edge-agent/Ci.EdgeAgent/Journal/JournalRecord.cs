using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ci.EdgeAgent.Journal;

/// <summary>
/// One record on disk, little-endian: magic (4), header CRC-32C (4), sequence (8), payload length (4), payload CRC-32C (4),
/// SHA-256 of the whole record before (32), payload. The header has a CRC of its own, so that a damaged length is not mistaken for a torn tail.
/// </summary>
internal static class JournalRecord
{
    public const int HeaderBytes = 56;
    public const int HashBytes = 32;
    public const int MaxPayloadBytes = 64 * 1024;
    private const uint Magic = 0x314A4C4D; // "MLJ1"

    public static byte[] Encode(long sequence, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxPayloadBytes)
            throw new ArgumentException($"a journal record holds at most {MaxPayloadBytes} bytes, not {payload.Length}", nameof(payload));
        var record = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(20), Crc32C.Of(payload));
        previous.CopyTo(record.AsSpan(24, HashBytes));
        payload.CopyTo(record.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Crc32C.Of(record.AsSpan(8, HeaderBytes - 8)));
        return record;
    }

    public static bool HasHeader(ReadOnlySpan<byte> bytes, out long sequence, out int length)
    {
        (sequence, length) = (0, 0);
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc32C.Of(bytes[8..HeaderBytes]))
            return false;
        sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        return length is >= 0 and <= MaxPayloadBytes;
    }

    public static bool PayloadIsWhole(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[20..]) == Crc32C.Of(record[HeaderBytes..]);

    public static ReadOnlySpan<byte> Previous(ReadOnlySpan<byte> record) => record.Slice(24, HashBytes);

    public static byte[] Hash(ReadOnlySpan<byte> record) => SHA256.HashData(record);
}
