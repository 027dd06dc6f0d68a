using System.Globalization;

namespace Ci.Reporting.Drawing;

/// <summary>
/// How wide a text will be, without a font at hand: advance widths of a common sans-serif (thousandths of the font size), which
/// is a little wider than Helvetica or Segoe UI, so that labels laid out by it never touch.
/// </summary>
internal static class TextWidth
{
    private const double BoldFactor = 1.07;

    private static readonly short[] Ascii =
    [
        260, 269, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268, 372, 572, 572, 572, 572, 572, 572, 572, 572,
        572, 572, 268, 268, 572, 572, 572, 434, 899, 639, 650, 632, 730, 556, 519, 728, 741, 339, 273, 619, 524, 907, 760, 781,
        605, 781, 622, 549, 556, 731, 600, 930, 586, 566, 572, 329, 372, 329, 572, 444, 281, 561, 615, 480, 615, 564, 344, 615,
        618, 258, 258, 534, 258, 935, 618, 605, 615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380, 551, 380,
    ];

    public static double Of(string text, double size, bool bold = false)
    {
        double thousandths = 0;
        foreach (var rune in text.EnumerateRunes())
            thousandths += rune.Value is >= 32 and < 126 ? Ascii[rune.Value - 32] : WidthOfOther(rune);
        return thousandths * size / 1000 * (bold ? BoldFactor : 1);
    }

    /// <summary>The text, or as much of it as fits, ending in an ellipsis.</summary>
    public static string Fit(string text, double size, double width, bool bold = false)
    {
        if (Of(text, size, bold) <= width)
            return text;
        var parts = new List<string>();
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            parts.Add(elements.GetTextElement());
        while (parts.Count > 1 && Of(string.Concat(parts) + "…", size, bold) > width)
            parts.RemoveAt(parts.Count - 1);
        return string.Concat(parts).TrimEnd() + "…";
    }

    /// <summary>The text broken at spaces into lines that fit; a single word that does not fit is cut.</summary>
    public static IReadOnlyList<string> Wrap(string text, double size, double width, bool bold = false)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Of(longer, size, bold) > width)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = longer;
            }
        }

        if (line.Length > 0)
            lines.Add(line);
        return [.. lines.Select(l => Fit(l, size, width, bold))];
    }

    // East Asian wide characters fill the em square; everything else is taken as a wide letter.
    private static double WidthOfOther(System.Text.Rune rune) => rune.Value switch
    {
        0x2212 or 0xB1 or 0xD7 => 572,
        0xB7 or 0x2019 => 268,
        0xB2 => 380,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F
            or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 => 1000,
        _ => HasNoWidth(rune) ? 0 : 620,
    };

    private static bool HasNoWidth(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}
