using System.Text;

namespace Ci.Pipelines.Parameters;

/// <summary>
/// Python's <c>json.dump</c> writes <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which JSON does not know, and metrics are full of
/// them. They are made marked texts before the strict reader sees them, and numbers again after.
/// </summary>
internal static class PythonJson
{
    // A private character that no key or metric begins with.
    private const string Mark = "\uE000\uE001";

    private static readonly (string Word, double Value)[] Constants =
        [("NaN", double.NaN), ("-Infinity", double.NegativeInfinity), ("Infinity", double.PositiveInfinity)];

    public static string WithoutConstants(string text)
    {
        if (!Constants.Any(c => text.Contains(c.Word, StringComparison.Ordinal)))
            return text;
        var result = new StringBuilder(text.Length);
        var inText = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (inText && text[i] == '\\' && i + 1 < text.Length)
                result.Append(text[i++]);
            else if (text[i] == '"')
                inText = !inText;
            var word = inText ? null : Constants.FirstOrDefault(c => string.CompareOrdinal(text, i, c.Word, 0, c.Word.Length) == 0).Word;
            if (word is null)
                result.Append(text[i]);
            else
                result.Append('"').Append(Mark).Append(word).Append('"');
            i += (word?.Length ?? 1) - 1;
        }

        return result.ToString();
    }

    public static double? ConstantOf(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal) ? Constants.Where(c => text.AsSpan(Mark.Length).SequenceEqual(c.Word)).Select(c => (double?)c.Value).FirstOrDefault() : null;
}
