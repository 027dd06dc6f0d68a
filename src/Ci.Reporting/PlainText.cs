using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>Text from outside made harmless as text: one line, bounded, without control, bidirectional-override or broken characters.</summary>
internal static class PlainText
{
    public const int Longest = 300;

    public static string Clean(string? text, int longest = Longest)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var clean = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest)
            {
                clean.Append('…');
                break;
            }

            if (rune.Value is '\n' or '\r' or '\t' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                clean.Append(' ');
            else if (IsHarmless(rune))
                clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    // Private-use and unassigned characters draw nothing that a reader could check; format characters can reorder what is read.
    private static bool IsHarmless(Rune rune) => rune.Value != 0xFFFD && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
