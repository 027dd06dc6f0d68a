using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines.Editing;

/// <summary>Lets a <c>.dvc</c> file stand for another path; all else that it says stays.</summary>
public static class PointerEditing
{
    /// <summary>The text with another <c>path</c> of its only output.</summary>
    /// <param name="text">The <c>.dvc</c> file's.</param>
    /// <param name="path">As it is to be written.</param>
    /// <param name="from">The folder that relative paths were relative to.</param>
    /// <param name="to">The folder that they are relative to from now on.</param>
    /// <param name="shown">How messages name the file.</param>
    public static string WithPath(string text, string path, string from, string to, string shown)
    {
        if (YamlReader.Read(text, shown) is not YamlMappingNode root || Items(root, "outs") is not [YamlMappingNode output] || !output.Children.TryGetValue(new YamlScalarNode("path"), out var old))
            throw new PipelineException($"{shown}: expected one entry with a `path` below `outs`");
        var changes = new List<(YamlScalarNode Node, string Value)> { ((YamlScalarNode)old, path) };
        foreach (var dependency in Items(root, "deps").OfType<YamlMappingNode>().Where(d => !d.Children.ContainsKey(new YamlScalarNode("repo"))))
        {
            if (from != to && dependency.Children.TryGetValue(new YamlScalarNode("path"), out var node) && node is YamlScalarNode { Value: { } local } scalar && !local.Contains("://", StringComparison.Ordinal) && !Path.IsPathRooted(local))
                changes.Add((scalar, Path.GetRelativePath(to, Path.GetFullPath(local, from)).Replace(Path.DirectorySeparatorChar, '/')));
        }

        foreach (var (node, value) in changes.OrderByDescending(c => c.Node.Start.Index))
            text = string.Concat(text.AsSpan(0, (int)node.Start.Index), Scalar(value), text.AsSpan((int)node.End.Index));
        return text;
    }

    private static IEnumerable<YamlNode> Nodes(YamlMappingNode root, string key) =>
        root.Children.TryGetValue(new YamlScalarNode(key), out var list) && list is YamlSequenceNode sequence ? sequence.Children : [];

    private static List<YamlNode> Items(YamlMappingNode root, string key) => [.. Nodes(root, key)];

    private static string Scalar(string value) =>
        YamlWriter.Write(new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["k"] = value })["k: ".Length..].TrimEnd('\n');
}
