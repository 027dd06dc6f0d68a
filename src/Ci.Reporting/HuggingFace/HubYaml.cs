using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>Writes YAML as people write front matter: blocks, two spaces, quotes only where they are needed. No text becomes more than a text.</summary>
internal static class HubYaml
{
    private static readonly string[] Words = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    public static YamlScalarNode Text(string text) => new(text) { Style = IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted };

    public static YamlScalarNode Number(double value) => new(value.ToString("R", CultureInfo.InvariantCulture)) { Style = ScalarStyle.Plain };

    /// <summary>A mapping of what is there.</summary>
    public static YamlMappingNode Map(params (string Key, YamlNode? Value)[] fields)
    {
        var map = new YamlMappingNode();
        foreach (var (key, value) in fields)
        {
            if (value is not null)
                map.Add(Text(key), value);
        }

        return map;
    }

    /// <summary>The value of a key; null where it is absent.</summary>
    public static YamlNode? Field(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static YamlSequenceNode List(IEnumerable<YamlNode> items) => new(items);

    /// <summary>A key with its value; each line begins with the indent and ends in a line feed.</summary>
    public static string Entry(string key, YamlNode value, string indent = "")
    {
        var text = new StringBuilder();
        Append(text, key, value, indent);
        return text.ToString();
    }

    /// <summary>An item of a list, its dash after the indent.</summary>
    public static string Item(YamlNode value, string indent)
    {
        if (value is not YamlMappingNode { Children.Count: > 0 } map)
            return $"{indent}- {Inline(value)}\n";
        var text = new StringBuilder();
        foreach (var (key, inner) in map)
            Append(text, Inline(key), inner, indent + "  ");
        text[indent.Length] = '-';
        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, YamlNode value, string indent)
    {
        switch (value)
        {
            case YamlMappingNode { Children.Count: > 0 } map:
                text.Append(indent).Append(key).Append(":\n");
                foreach (var (inner, node) in map)
                    Append(text, Inline(inner), node, indent + "  ");
                break;
            case YamlSequenceNode { Children.Count: > 0 } list:
                text.Append(indent).Append(key).Append(":\n");
                foreach (var item in list)
                    text.Append(item is YamlSequenceNode ? $"{indent}- {Inline(item)}\n" : Item(item, indent));
                break;
            default:
                text.Append(indent).Append(key).Append(": ").Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static string Inline(YamlNode node) => node switch
    {
        YamlMappingNode map => "{" + string.Join(", ", map.Select(pair => $"{Inline(pair.Key)}: {Inline(pair.Value)}")) + "}",
        YamlSequenceNode list => "[" + string.Join(", ", list.Select(Inline)) + "]",
        YamlScalarNode { Value: null } => "null",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when !text.Contains('\n', StringComparison.Ordinal) => text,
        YamlScalarNode scalar => Quoted(scalar.Value ?? ""),
        _ => throw new ReportException("front matter holds a value of a kind that is not known"),
    };

    // Anything that YAML could take for something else than a text is quoted.
    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && !Words.Contains(text, StringComparer.OrdinalIgnoreCase)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ' ' or '(' or ')') && text[^1] != ' ';

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
