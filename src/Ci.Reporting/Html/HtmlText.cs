using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Ci.Reporting;

/// <summary>Text as it may stand in a page; every text is escaped here and nowhere else.</summary>
internal static class HtmlText
{
    /// <summary>For the text of an element. A text with letters that run from right to left is set apart, so that it does not turn what stands beside it.</summary>
    public static string Of(string? text, int longest = 1_000)
    {
        var clean = PlainText.Clean(text, longest);
        var escaped = WebUtility.HtmlEncode(clean);
        return HasRightToLeft(clean) ? $"<bdi>{escaped}</bdi>" : escaped;
    }

    /// <summary>For an attribute or a title, where no element may stand.</summary>
    public static string Attribute(string? text) => WebUtility.HtmlEncode(PlainText.Clean(text, 1_000));

    /// <summary>What a content security policy calls a style or script by.</summary>
    public static string Digest(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>Whether letters of Hebrew, Arabic and their kin are in it.</summary>
    public static bool HasRightToLeft(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0x0590 and <= 0x08FF or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFC or >= 0x10800 and <= 0x10FFF or >= 0x1E800 and <= 0x1EFFF)
                return true;
        }

        return false;
    }
}
