using System.Globalization;
using System.Text.RegularExpressions;

namespace Ci.Pipelines;

/// <summary>The grammar of <c>${a.b[0]}</c>.</summary>
internal static partial class Placeholder
{
    /// <summary>Where they stand in a text: from the dollar sign to behind the brace. A backslash before one takes its meaning.</summary>
    public static IEnumerable<(int Start, int End)> In(string text)
    {
        for (var match = Pattern().Match(text); match.Success; match = match.NextMatch())
            yield return (match.Index, match.Index + match.Length);
    }

    /// <summary>The name in a text that is one placeholder and nothing else; null for any other text.</summary>
    public static string? Whole(string text) =>
        text.StartsWith("${", StringComparison.Ordinal) && In(text).FirstOrDefault() is (0, var end) && end == text.Length ? text[2..^1] : null;

    /// <summary>The steps of a name; null when it is none.</summary>
    public static IReadOnlyList<string>? Parts(string path) =>
        Name().IsMatch(path) ? [.. path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.').Select(p => p.Trim())] : null;

    /// <summary>One step down into a value.</summary>
    public static bool TryStep(object? value, string part, out object? inner)
    {
        inner = null;
        if (value is OrderedDictionary<string, object?> map)
            return map.TryGetValue(part, out inner);
        if (value is not IReadOnlyList<object?> list || !int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            return false;
        // From the end, as Python counts.
        index = index < 0 ? index + list.Count : index;
        var isIn = index >= 0 && index < list.Count;
        inner = isIn ? list[index] : null;
        return isIn;
    }

    public static bool Has(object? value, IEnumerable<string> parts) => parts.All(part => TryStep(value, part, out value));

    [GeneratedRegex(@"(?<!\\)\$\{.*?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^[^.\[\]]+(\.[^.\[\]]+|\[[^.\[\]]+\])*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
