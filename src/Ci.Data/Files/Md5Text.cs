namespace Ci.Data.Files;

/// <summary>An MD5 digest as a number, whose order is that of its hexadecimal digits: a sixth of the memory of its text.</summary>
internal static class Md5Text
{
    public const int Bytes = 16;
    public const int Length = 32;

    public static string Of(Hash128 md5)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        md5.Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public static Hash128 Of(ReadOnlySpan<byte> hash) => Hash128.Read(hash);

    /// <summary>Reads the digits that an identity begins with.</summary>
    public static Hash128 Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Convert.FromHexString(text.AsSpan(0, Length), bytes, out _, out _);
        return Of(bytes);
    }
}
