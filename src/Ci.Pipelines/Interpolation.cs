using System.Globalization;
using System.Numerics;
using System.Text;
using Ci.Data;

namespace Ci.Pipelines;

/// <summary>Fills <c>${a.b[0]}</c> from the parameters file and <c>vars</c>; <c>\${…}</c> stays as <c>${…}</c>.</summary>
internal sealed class Interpolation
{
    private readonly OrderedDictionary<string, object?> values = new(StringComparer.Ordinal);

    /// <summary>A copy that can take a stage's own <c>vars</c>.</summary>
    public Interpolation Copy()
    {
        var copy = new Interpolation();
        foreach (var (key, value) in this.values)
            copy.values[key] = value;
        return copy;
    }

    /// <summary>Adds values; a key that is there already must not change its value.</summary>
    public void Add(object? source, string where)
    {
        if (source is null)
            return;
        if (source is not OrderedDictionary<string, object?> map)
            throw new PipelineException($"{where}: expected keys with values to fill in");
        foreach (var (key, value) in map)
        {
            if (this.values.TryGetValue(key, out var old) && PythonText.Json(old) != PythonText.Json(value))
                throw new PipelineException($"{where}: `{key}` has another value already; one name has one value");
            this.values[key] = value;
        }
    }

    public string Fill(string text, string where)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                result.Append(text, at, text.Length - at);
                break;
            }

            if (open > at && text[open - 1] == '\\')
                result.Append(text, at, open - 1 - at).Append(text, open, close + 1 - open);
            else
                result.Append(text, at, open - at).Append(TextOf(this.Find(text[(open + 2)..close].Trim(), where), where, text[(open + 2)..close]));
            at = close + 1;
        }

        return result.ToString();
    }

    private object? Find(string path, string where)
    {
        if (path.StartsWith("item", StringComparison.Ordinal) && !this.values.ContainsKey("item"))
            throw new PipelineException($"{where}: `${{{path}}}` belongs to foreach or matrix, which this version does not know");
        object? at = this.values;
        foreach (var part in path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.'))
        {
            at = at switch
            {
                OrderedDictionary<string, object?> map when map.TryGetValue(part, out var inner) => inner,
                IReadOnlyList<object?> list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => throw new PipelineException($"{where}: could not find `{path}` to fill in; it stands neither in params.yaml nor in `vars`{NearNames.Hint(path, this.values.Keys)}"),
            };
        }

        return at;
    }

    private static string TextOf(object? value, string where, string path) => value switch
    {
        null => "None",
        bool flag => flag ? "true" : "false",
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => PythonText.OfDouble(number),
        _ => throw new PipelineException($"{where}: `${{{path}}}` is a list or has keys of its own; only single values can be filled in"),
    };
}
