using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>Puts our result into a <c>model-index</c> that others write into, too: by lines, so that theirs are not touched.</summary>
internal static class HubIndexEdit
{
    private const string Key = "model-index";

    /// <summary>A whole <c>model-index</c> with one result.</summary>
    public static string Index(string name, YamlMappingNode result) => HubYaml.Entry(Key, HubYaml.List([Entry(name, result)]));

    /// <summary>The front matter with our result made new, or added where it was not.</summary>
    public static string Put(HubDocument document, string name, YamlMappingNode result, string file)
    {
        if (document.Root?.Style == MappingStyle.Flow)
            throw Flow(file, document.Root);
        if (document.Root is null || !document.Root.Children.TryGetValue(new YamlScalarNode(Key), out var index))
            return document.Yaml + Written(Index(name, result), document);
        var entries = Block(index, file);
        var lines = new FrontMatterLines(document.Yaml);
        if (entries.Children.OfType<YamlMappingNode>().FirstOrDefault(entry => Scalar(entry, "name") == name) is not { } ours)
            return lines.After(LastLine(index), Written(HubYaml.Item(Entry(name, result), lines.IndentOf(entries.Children[0])), document));
        if (!ours.Children.TryGetValue(new YamlScalarNode("results"), out var list) || ours.Style == MappingStyle.Flow)
            throw Flow(file, ours);
        var results = Block(list, file);
        if (results.Children.OfType<YamlMappingNode>().FirstOrDefault(other => IsOurs(other, result)) is not { } before)
            return lines.After(LastLine(list), Written(HubYaml.Item(result, lines.IndentOf(results.Children[0])), document));
        return lines.Instead(lines.FirstLineOf(before), LastLine(before), Written(HubYaml.Item(Merged(before, result), lines.IndentOf(before)), document));
    }

    /// <summary>One result is another's later version when task and data are the same, whatever their revision.</summary>
    private static bool IsOurs(YamlMappingNode other, YamlMappingNode ours) =>
        Scalar(other, "task", "type") == Scalar(ours, "task", "type")
        && ((string[])["type", "name", "config", "split"]).All(key => Scalar(other, "dataset", key) == Scalar(ours, "dataset", key));

    // What we do not write is kept: fields that we do not know, metrics of other kinds, and those that the Hub verified.
    private static YamlMappingNode Merged(YamlMappingNode before, YamlMappingNode ours)
    {
        var merged = new YamlMappingNode();
        foreach (var (key, value) in ours)
        {
            var theirs = HubYaml.Field(before, ((YamlScalarNode)key).Value!);
            merged.Add(key, (value, theirs) switch
            {
                (YamlSequenceNode metrics, YamlSequenceNode old) => HubYaml.List([.. metrics, .. old.Where(metric => !metrics.Any(mine => Replaces(mine, metric)))]),
                (YamlMappingNode map, YamlMappingNode old) => WithRest(map, old),
                _ => value,
            });
        }

        return WithRest(merged, before);
    }

    private static bool Replaces(YamlNode mine, YamlNode theirs) =>
        theirs is YamlMappingNode map && Scalar(map, "type") == Scalar((YamlMappingNode)mine, "type") && Scalar(map, "verified") != "true" && Scalar(map, "verifyToken") is null;

    private static YamlMappingNode WithRest(YamlMappingNode map, YamlMappingNode rest)
    {
        foreach (var (key, value) in rest)
        {
            if (!map.Children.ContainsKey(key))
                map.Add(key, value);
        }

        return map;
    }

    private static YamlMappingNode Entry(string name, YamlMappingNode result) => HubYaml.Map(("name", HubYaml.Text(name)), ("results", HubYaml.List([result])));

    private static YamlSequenceNode Block(YamlNode node, string file) =>
        node is YamlSequenceNode { Style: not SequenceStyle.Flow, Children.Count: > 0 } list && list.All(item => item is YamlMappingNode { Style: not MappingStyle.Flow }) ? list : throw Flow(file, node);

    private static ReportException Flow(string file, YamlNode node) =>
        new($"{file}:{node.Start.Line + 1}: `{Key}` is not written as a block of `- name: …` with `results:`, so a part of it cannot be replaced; remove it, and it is written anew");

    private static string? Scalar(YamlMappingNode map, params string[] path)
    {
        YamlNode? node = map;
        foreach (var key in path)
            node = node is YamlMappingNode inner ? HubYaml.Field(inner, key) : null;
        return (node as YamlScalarNode)?.Value;
    }

    private static int LastLine(YamlNode node) => node switch
    {
        YamlMappingNode { Style: not MappingStyle.Flow, Children.Count: > 0 } map => map.Children.Max(pair => Math.Max((int)pair.Key.End.Line, LastLine(pair.Value))),
        YamlSequenceNode { Style: not SequenceStyle.Flow, Children.Count: > 0 } list => list.Children.Max(LastLine),
        // A block of text ends where the next line begins.
        _ => (int)(node.End.Column == 1 && node.End.Line > node.Start.Line ? node.End.Line - 1 : node.End.Line),
    };

    private static string Written(string text, HubDocument document) => document.NewLine == "\n" ? text : text.ReplaceLineEndings(document.NewLine);
}
