using System.Buffers.Binary;

namespace Ci.Reporting;

/// <summary>What a raster picture says of itself in its first bytes: kind, width and height. Nothing of it is decoded.</summary>
internal static class PictureSize
{
    public const int Most = 20_000;

    /// <summary>Null for what is no PNG, JPEG, GIF or WebP, or does not say its size.</summary>
    public static (string MediaType, int Width, int Height)? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 24 && bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return ("image/png", BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        if (bytes.Length >= 10 && (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8)))
            return ("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        if (bytes.Length >= 30 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8))
            return WebP(bytes);
        return bytes.Length >= 4 && bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? Jpeg(bytes) : null;
    }

    private static (string, int, int)? WebP(ReadOnlySpan<byte> bytes)
    {
        if (bytes[12..].StartsWith("VP8X"u8))
            return ("image/webp", 1 + (bytes[24] | bytes[25] << 8 | bytes[26] << 16), 1 + (bytes[27] | bytes[28] << 8 | bytes[29] << 16));
        if (bytes[12..].StartsWith("VP8L"u8))
            return ("image/webp", 1 + (bytes[21] | (bytes[22] & 0x3F) << 8), 1 + (bytes[22] >> 6 | bytes[23] << 2 | (bytes[24] & 0x0F) << 10));
        return bytes[12..].StartsWith("VP8 "u8)
            ? ("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3FFF)
            : null;
    }

    // The size stands in the first frame header among the markers.
    private static (string, int, int)? Jpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return ("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }
}
