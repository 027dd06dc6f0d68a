using System.Buffers;

namespace Ci.Data;

/// <summary>What DVC records of a file or folder: an identity by content, and facts about its size.</summary>
/// <param name="Md5">32 lowercase hexadecimal digits; of a folder followed by <c>.dir</c>.</param>
/// <param name="Size">Bytes; of a folder the sum over its files.</param>
/// <param name="FileCount">Files in a folder; null for a file.</param>
/// <param name="IsExecutable">The file's owner may run it.</param>
public sealed record Digest(string Md5, long Size, int? FileCount = null, bool IsExecutable = false)
{
    /// <summary>Ends the identity of a folder.</summary>
    public const string FolderSuffix = ".dir";

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public bool IsFolder => this.Md5.EndsWith(FolderSuffix, StringComparison.Ordinal);

    /// <summary>Where the bytes lie below a cache or remote: <c>files/md5/ab/cdef…</c>.</summary>
    public string Key => KeyOf(this.Md5);

    public static string KeyOf(string md5) => $"files/md5/{md5.AsSpan(0, 2)}/{md5.AsSpan(2)}";

    /// <summary>Whether the text is an identity as <see cref="Md5"/> describes it. Anything else must never become a path.</summary>
    public static bool IsValid(string text)
    {
        var hex = text.EndsWith(FolderSuffix, StringComparison.Ordinal) ? text.AsSpan(0, text.Length - FolderSuffix.Length) : text;
        return hex.Length == 32 && !hex.ContainsAnyExcept(Hexadecimal);
    }
}
