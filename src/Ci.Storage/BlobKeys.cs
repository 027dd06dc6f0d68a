namespace Ci.Storage;

/// <summary>The rules that every key obeys, and the keys that several rooms share.</summary>
public static class BlobKeys
{
    /// <summary>Longest key in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Files being written carry this prefix until they are renamed; no key may have a segment that begins so.</summary>
    public const string TemporaryPrefix = ".~mlops-";

    /// <summary>The key of content-addressed bytes: <c>sha256/ab/abcd…</c>.</summary>
    /// <param name="hex">64 lowercase hexadecimal digits.</param>
    public static string OfSha256(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigitLower))
            throw new InvalidBlobKeyException(hex, "a SHA-256 digest is 64 lowercase hexadecimal digits");
        return $"sha256/{hex.AsSpan(0, 2)}/{hex}";
    }

    /// <summary>Returns the key if it is relative, parted by '/', without empty, '.' or '..' segments, control characters or backslashes.</summary>
    /// <exception cref="InvalidBlobKeyException">It is not; the message names the rule.</exception>
    public static string Validate(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > MaxLength)
            throw new InvalidBlobKeyException(key, $"a key has 1 to {MaxLength} characters");
        if (key.Any(c => char.IsControl(c) || c == '\\'))
            throw new InvalidBlobKeyException(key, "control characters and backslashes are not allowed");
        foreach (var segment in key.Split('/'))
        {
            if (segment is "" or "." or "..")
                throw new InvalidBlobKeyException(key, "a key is relative and has no empty, '.' or '..' segment");
            if (segment.StartsWith(TemporaryPrefix, StringComparison.Ordinal))
                throw new InvalidBlobKeyException(key, $"segments that begin with '{TemporaryPrefix}' are kept for files being written");
        }

        return key;
    }
}
