using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Data.Yaml;

/// <summary>
/// Reads one YAML document of bounded size and depth. Plain values are null, bool, long, BigInteger, double, string,
/// <c>List&lt;object?&gt;</c> and <c>OrderedDictionary&lt;string, object?&gt;</c>.
/// </summary>
public static class YamlReader
{
    private const int MaxCharacters = 64 << 20;
    private const int MaxDepth = 100;
    private const int MaxNodes = 2_000_000;

    /// <summary>The root node, with its positions; null when the document is empty.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">How messages name the file.</param>
    /// <exception cref="DataException">It is no YAML, or too big; the message begins with <c>file:line</c>.</exception>
    public static YamlNode? Read(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxCharacters)
            throw new DataException($"{name}: more than {MaxCharacters >> 20} Mi characters; that is no file written by people");
        var stream = new YamlStream();
        var parser = new BoundedParser(new Parser(new StringReader(text)), MaxDepth + 2);
        try
        {
            stream.Load(parser);
        }
        catch (YamlException error)
        {
            throw new DataException($"{name}:{error.Start.Line}: not valid YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The library's own mistakes over some broken texts.
            throw new DataException($"{name}:{parser.Current?.End.Line ?? 1}: not valid YAML, from here on", error);
        }

        if (stream.Documents.Count > 1)
            throw new DataException($"{name}: holds {stream.Documents.Count} YAML documents; expected one");
        var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        return root is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" } ? null : root;
    }

    /// <summary>The root as plain values.</summary>
    public static object? ReadValue(string text, string name) => Read(text, name) is { } root ? ValueOf(root, name) : null;

    /// <summary>A node as plain values.</summary>
    public static object? ValueOf(YamlNode node, string name)
    {
        var budget = MaxNodes;
        return ValueOf(node, name, 0, ref budget);
    }

    /// <summary>Every text of a node, keys too, as written.</summary>
    public static IEnumerable<string> ScalarsOf(YamlNode node, string name) => TextsOf(ValueOf(node, name));

    private static IEnumerable<string> TextsOf(object? value) => value switch
    {
        string text => [text],
        IReadOnlyList<object?> list => list.SelectMany(TextsOf),
        OrderedDictionary<string, object?> map => map.SelectMany(p => TextsOf(p.Value).Prepend(p.Key)),
        _ => [],
    };

    private static object? ValueOf(YamlNode node, string name, int depth, ref int budget)
    {
        // Aliases are shared nodes: counting every visit bounds what a "billion laughs" file can become.
        if (depth > MaxDepth || --budget < 0)
            throw new DataException($"{name}:{node.Start.Line}: nested or repeated too often");
        switch (node)
        {
            case YamlScalarNode scalar:
                return scalar.Style == ScalarStyle.Plain ? YamlScalars.Resolve(scalar.Value ?? "") : scalar.Value ?? "";
            case YamlSequenceNode sequence:
                var list = new List<object?>(sequence.Children.Count);
                foreach (var child in sequence.Children)
                    list.Add(ValueOf(child, name, depth + 1, ref budget));
                return list;
            case YamlMappingNode mapping:
                var map = new YamlMap();
                foreach (var (key, child) in mapping.Children)
                    map.Add(KeyOf(key, name), ValueOf(child, name, depth + 1, ref budget), IsText((YamlScalarNode)key));
                return map;
            default:
                throw new DataException($"{name}:{node.Start.Line}: a YAML node of kind {node.NodeType} is not known here");
        }
    }

    private static bool IsText(YamlScalarNode key) => key.Style != ScalarStyle.Plain || YamlScalars.IsText(key.Value ?? "");

    private static string KeyOf(YamlNode key, string name) =>
        key is YamlScalarNode { Value: { } text } ? text : throw new DataException($"{name}:{key.Start.Line}: a key must be one plain value");
}
