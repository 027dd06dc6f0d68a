using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Ci.Releases;

/// <summary>A SHA-256 digest: 64 lowercase hexadecimal digits, in memory, in JSON and in paths alike.</summary>
[JsonConverter(typeof(Sha256DigestConverter))]
public readonly record struct Sha256Digest : IComparable<Sha256Digest>
{
    private const int HexLength = 64;

    private static readonly string Zeros = new('0', HexLength);

    private readonly string? hex;

    private Sha256Digest(string hex) => this.hex = hex;

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public string Hex => hex ?? Zeros;

    /// <summary>The first twelve digits: enough for people, never for trust.</summary>
    public string Brief => Hex[..12];

    public static bool operator <(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) < 0;

    public static bool operator <=(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) <= 0;

    public static bool operator >(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) > 0;

    public static bool operator >=(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) >= 0;

    /// <summary>The digest of these bytes.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> bytes) => FromRaw(SHA256.HashData(bytes));

    /// <summary>A digest from its 32 raw bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Sha256Digest FromRaw(ReadOnlySpan<byte> raw) => raw.Length == SHA256.HashSizeInBytes
        ? new Sha256Digest(Convert.ToHexStringLower(raw))
        : throw new ArgumentException($"a SHA-256 digest has 32 bytes, not {raw.Length}", nameof(raw));

    /// <summary>Reads 64 lowercase hexadecimal digits; anything else, upper case too, is refused.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Sha256Digest Parse(string text) => TryParse(text, out var digest)
        ? digest
        : throw new FormatException($"not a SHA-256 digest (64 lowercase hexadecimal digits): {Names.Quote(text)}");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Sha256Digest digest)
    {
        digest = default;
        if (text is not { Length: HexLength } || !text.All(char.IsAsciiHexDigitLower))
            return false;
        digest = new Sha256Digest(text);
        return true;
    }

    /// <summary>The 32 raw bytes.</summary>
    public byte[] ToRaw() => Convert.FromHexString(Hex);

    public int CompareTo(Sha256Digest other) => string.CompareOrdinal(Hex, other.Hex);

    public bool Equals(Sha256Digest other) => string.Equals(Hex, other.Hex, StringComparison.Ordinal);

    public override int GetHashCode() => Hex.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Hex;
}
