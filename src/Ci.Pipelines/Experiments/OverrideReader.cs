using System.Globalization;
using System.Numerics;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Reads <c>-S</c>: <c>[FILE:]KEY=VALUE</c>, <c>+KEY=VALUE</c>, <c>++KEY=VALUE</c>, <c>~KEY</c>, in Hydra's notation. A value is a word, a quoted
/// text, a number, <c>[a,b]</c> or <c>{a:1}</c>; several parted by commas, <c>choice(…)</c>, <c>range(…)</c>, <c>uniform(…)</c>, <c>loguniform(…)</c> and
/// <c>randint(…)</c> are ranges.
/// </summary>
public static class OverrideReader
{
    private const int MostLength = 100_000;

    /// <summary>Reads one <c>-S</c>.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="file">From a file as written to one from the project's root.</param>
    /// <exception cref="PipelineException">It is none; the message shows where.</exception>
    public static SweptOverride Read(string text, Func<string, string> file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        if (text.Length > MostLength)
            throw new PipelineException($"-S is longer than {MostLength} characters");
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var head = equals < 0 ? text : text[..equals];
        var hasFile = colon >= 0 && colon < head.Length;
        var path = file(hasFile ? text[..colon] : PipelineFile.DefaultParameters);
        var key = head[(hasFile ? colon + 1 : 0)..].Trim();
        var (kind, sign) = key switch
        {
            ['+', '+', ..] => (OverrideKind.SetOrAdd, 2),
            ['+', ..] => (OverrideKind.Add, 1),
            ['~', ..] => (OverrideKind.Remove, 1),
            _ => (OverrideKind.Set, 0),
        };
        key = KeyOf(key[sign..], text);
        if (equals < 0)
            return kind == OverrideKind.Remove ? new SweptOverride(path, kind, key, new Choices([null], false)) : throw new PipelineException($"-S {text}: expected KEY=VALUE (`~KEY` removes a key)");
        var range = kind == OverrideKind.Remove ? new Choices([null], false) : new OverrideGrammar(text, equals + 1).Range();
        return new SweptOverride(path, kind, key, range);
    }

    /// <summary>The value of a word without quotes.</summary>
    internal static object? Primitive(string word)
    {
        switch (word.ToLowerInvariant())
        {
            case "null":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            case "nan":
                return double.NaN;
            case "inf" or "+inf":
                return double.PositiveInfinity;
            case "-inf":
                return double.NegativeInfinity;
        }

        if (word.Length == 0 || !(char.IsAsciiDigit(word[^1]) || word[^1] == '.') || !(char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.'))
            return word;
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        if (word.Length <= 4300 && BigInteger.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big))
            return big;
        return double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real) ? real : word;
    }

    // `layers[0].units` and `layers.0.units` are the same.
    private static string KeyOf(string key, string text)
    {
        var dotted = key.Trim().Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return dotted.Length > 0 && !dotted.Split('.').Contains("") && !dotted.Any(char.IsControl) ? dotted : throw new PipelineException($"-S {text}: `{key}` is no key; expected names parted by dots");
    }
}
