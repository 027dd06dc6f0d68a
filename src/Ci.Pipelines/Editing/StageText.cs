using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines.Editing;

/// <summary>
/// Adds and removes stages in the text of a <c>dvc.yaml</c> or <c>dvc.lock</c>; every other character stays: comments, order, layout.
/// What was written is read again before it is given out.
/// </summary>
public static class StageText
{
    /// <summary>Whether a stage stands in the text under exactly this name.</summary>
    public static bool Has(string text, string name, string shown) => Stages(text, shown) is { } stages && stages.Children.ContainsKey(new YamlScalarNode(name));

    /// <summary>The text without a stage; null when nothing of worth is left of it.</summary>
    /// <exception cref="PipelineException">The stages stand in braces.</exception>
    public static string? Remove(string text, string name, string shown)
    {
        if (Stages(text, shown) is not { } stages || !stages.Children.TryGetValue(new YamlScalarNode(name), out _))
            return text;
        RefuseBraces(stages, shown);
        var lines = Lines(text);
        var key = stages.Children.Keys.First(k => k is YamlScalarNode scalar && scalar.Value == name);
        var (first, end) = Block(lines, (int)key.Start.Line - 1, (int)key.Start.Column - 1);
        if (stages.Children.Count > 1)
            return Checked(string.Concat(lines.Take(first).Concat(lines.Skip(end))), shown);
        // The last stage goes; a file that says nothing else goes with it.
        var root = (YamlMappingNode)YamlReader.Read(text, shown)!;
        if (root.Children.Keys.OfType<YamlScalarNode>().All(k => k.Value is "stages" or "schema"))
            return null;
        var title = root.Children.Keys.First(k => k is YamlScalarNode { Value: "stages" });
        var at = (int)title.Start.Line - 1;
        lines[at] = lines[at].TrimEnd('\n', '\r') + " {}" + End(lines[at]);
        return Checked(string.Concat(lines.Take(first).Concat(lines.Skip(end))), shown);
    }

    /// <summary>The text with a stage behind the last, or in the place of the one of its name.</summary>
    /// <param name="text">May be empty.</param>
    /// <param name="name">Its name.</param>
    /// <param name="stage">Its description, in the order in which it is to stand there.</param>
    /// <param name="shown">How messages name the file.</param>
    public static string Put(string text, string name, OrderedDictionary<string, object?> stage, string shown)
    {
        var root = YamlReader.Read(text, shown) switch { null => null, YamlMappingNode map => map, var other => throw new PipelineException($"{shown}:{other.Start.Line}: expected keys with values") };
        var lines = Lines(text);
        if (root is null || !root.Children.TryGetValue(new YamlScalarNode("stages"), out var node))
            return Checked(Ended(text) + "stages:\n" + Written(name, stage, 2), shown);
        if (node is not YamlMappingNode { Children.Count: > 0 } stages)
        {
            var title = (int)root.Children.Keys.First(k => k is YamlScalarNode { Value: "stages" }).Start.Line - 1;
            lines[title] = "stages:\n" + Written(name, stage, 2);
            return Checked(string.Concat(lines), shown);
        }

        RefuseBraces(stages, shown);
        var indent = (int)stages.Children.Keys.First().Start.Column - 1;
        var old = stages.Children.Keys.FirstOrDefault(k => k is YamlScalarNode scalar && scalar.Value == name);
        var (first, end) = Block(lines, (int)(old ?? stages.Children.Keys.Last()).Start.Line - 1, indent);
        var kept = old is null ? lines.Take(end) : lines.Take(first);
        return Checked(Ended(string.Concat(kept)) + Written(name, stage, indent) + string.Concat(lines.Skip(end)), shown);
    }

    private static YamlMappingNode? Stages(string text, string shown) =>
        YamlReader.Read(text, shown) is YamlMappingNode root && root.Children.TryGetValue(new YamlScalarNode("stages"), out var stages) ? stages as YamlMappingNode : null;

    private static void RefuseBraces(YamlMappingNode stages, string shown)
    {
        if (stages.Style == MappingStyle.Flow)
            throw new PipelineException($"{shown}:{stages.Start.Line}: the stages stand in braces; write them with one key a line, then they can be edited in place");
    }

    // From the key to what stands deeper below it. Blank lines and comments behind belong to what follows.
    private static (int First, int End) Block(List<string> lines, int first, int indent)
    {
        var end = first + 1;
        for (var i = first + 1; i < lines.Count; i++)
        {
            var content = lines[i].TrimStart(' ');
            if (content.Trim().Length == 0)
                continue;
            if (lines[i].Length - content.Length <= indent)
                break;
            end = i + 1;
        }

        return (first, end);
    }

    private static string Written(string name, OrderedDictionary<string, object?> stage, int indent)
    {
        var plain = YamlWriter.Write(new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["stages"] = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { [name] = stage } });
        return string.Concat(Lines(plain).Skip(1).Select(line => new string(' ', indent) + line[2..]));
    }

    private static string Checked(string text, string shown)
    {
        YamlReader.Read(text, shown);
        return text;
    }

    private static string Ended(string text) => text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";

    private static string End(string line) => line.EndsWith('\n') ? "\n" : "";

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            lines.Add(end < 0 ? text[at..] : text[at..(end + 1)]);
            at = end < 0 ? text.Length : end + 1;
        }

        return lines;
    }
}
