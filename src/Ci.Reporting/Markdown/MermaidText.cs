using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>
/// Text and numbers as Mermaid takes them. Its grammar differs from version to version and has no escape that all of them know, so
/// nothing passes but letters, digits and a few signs that mean nothing to any of them.
/// </summary>
internal static class MermaidText
{
    private const string Harmless = " .,+-%()/=°²³·–−…_";

    /// <summary>A label in double quotes.</summary>
    public static string Label(string? text, int longest = 24)
    {
        var clean = PlainText.Clean(text, longest);
        var label = new StringBuilder(clean.Length + 2).Append('"');
        foreach (var rune in clean.EnumerateRunes())
            label.Append(Rune.IsLetterOrDigit(rune) || (rune.IsBmp && Harmless.Contains((char)rune.Value)) ? rune.ToString() : " ");

        // A quoted nothing is no label to some versions.
        if (label.ToString().AsSpan(1).IsWhiteSpace())
            label.Append('–');

        // Not for Mermaid: some pages make links of such text wherever it stands.
        return label.Append('"').Replace("www.", "www .").Replace("WWW.", "WWW .").ToString();
    }

    /// <summary>A number to four significant digits, without an exponent; null where that cannot be.</summary>
    public static string? Number(double value)
    {
        if (!double.IsFinite(value) || Math.Abs(value) >= 1e12)
            return null;
        var decimals = value == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
        return (Math.Round(value, decimals) + 0.0).ToString("0.#########", CultureInfo.InvariantCulture);
    }

    /// <summary>"[1, 2.5]"; null where a number cannot be shown.</summary>
    public static string? Numbers(IEnumerable<double> values)
    {
        var texts = values.Select(Number).ToList();
        return texts.Contains(null) ? null : $"[{string.Join(", ", texts)}]";
    }
}
