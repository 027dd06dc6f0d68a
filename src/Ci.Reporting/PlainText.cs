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
            else if (IsHarmless(rune) || (Joins(rune) && clean.Length > 0 && IsOfJoiningScript(clean[^1])))
                clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    // Persian and the scripts of India are misspelt without them; among other letters they would only hide a difference.
    private static bool Joins(Rune rune) => rune.Value is 0x200C or 0x200D;

    private static bool IsOfJoiningScript(char last) => last is >= '\u0600' and <= '\u08FF' or >= '\u0900' and <= '\u0DFF';

    // Private-use and unassigned characters draw nothing that a reader could check; format characters can reorder what is read.
    private static bool IsHarmless(Rune rune) => rune.Value != 0xFFFD && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
