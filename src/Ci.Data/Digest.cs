using System.Buffers;

namespace Ci.Data;

/// <summary>What DVC records of a file or folder: an identity by content, and facts about its size.</summary>
/// <param name="Md5">
/// 32 lowercase hexadecimal digits; of a folder followed by <c>.dir</c>. An identity that DVC 2 gave carries <see cref="LegacyMark"/>
/// after the digits: it was taken over text with the line ends of Unix, and lies elsewhere in caches and remotes.
/// </param>
/// <param name="Size">Bytes; of a folder the sum over its files.</param>
/// <param name="FileCount">Files in a folder; null for a file.</param>
/// <param name="IsExecutable">The file's owner may run it.</param>
public sealed record Digest(string Md5, long Size, int? FileCount = null, bool IsExecutable = false)
{
    /// <summary>Ends the identity of a folder.</summary>
    public const string FolderSuffix = ".dir";

    /// <summary>Stands only in memory, never in a file.</summary>
    public const string LegacyMark = "-dos2unix";

    private const int HexLength = 32;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public bool IsFolder => this.Md5.EndsWith(FolderSuffix, StringComparison.Ordinal);

    /// <summary>DVC 2 gave it.</summary>
    public bool IsLegacy => IsLegacyName(this.Md5);

    /// <summary>The identity as files hold it.</summary>
    public string Text => this.IsLegacy ? string.Concat(this.Md5.AsSpan(0, HexLength), this.Md5.AsSpan(HexLength + LegacyMark.Length)) : this.Md5;

    /// <summary>Where the bytes lie below a cache or remote: <c>files/md5/ab/cdef…</c>; of DVC 2 <c>ab/cdef…</c>.</summary>
    public string Key => KeyOf(this.Md5);

    public static string KeyOf(string md5) => IsLegacyName(md5)
        ? $"{md5.AsSpan(0, 2)}/{md5.AsSpan(2, HexLength - 2)}{md5.AsSpan(HexLength + LegacyMark.Length)}"
        : $"files/md5/{md5.AsSpan(0, 2)}/{md5.AsSpan(2)}";

    /// <summary>Whether an identity is one that DVC 2 gave.</summary>
    public static bool IsLegacyName(string md5)
    {
        ArgumentNullException.ThrowIfNull(md5);
        return md5.Length > HexLength && md5.AsSpan(HexLength).StartsWith(LegacyMark);
    }

    /// <summary>The identity that DVC 2's files write as this text.</summary>
    public static string LegacyName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Concat(text.AsSpan(0, HexLength), LegacyMark, text.AsSpan(HexLength));
    }

    /// <summary>Whether the text is an identity as <see cref="Md5"/> describes it. Anything else must never become a path.</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < HexLength || text.AsSpan(0, HexLength).ContainsAnyExcept(Hexadecimal))
            return false;
        var rest = text.AsSpan(HexLength);
        rest = rest.StartsWith(LegacyMark) ? rest[LegacyMark.Length..] : rest;
        return rest.Length == 0 || rest.SequenceEqual(FolderSuffix);
    }
}
