using System.Globalization;
using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>One entry below <c>stages</c> as the stages that it means: itself, one for each item of <c>foreach</c>, or one for each combination of <c>matrix</c>.</summary>
internal static class StageExpansion
{
    private const int MostStages = 100_000;

    /// <summary>Every name with the description to read and what to fill into it.</summary>
    public static IEnumerable<(string Name, YamlNode Node, Interpolation Filling)> Of(string name, YamlNode node, string file, Interpolation filling, List<string> warnings)
    {
        if (node is not YamlMappingNode mapping)
            return [(name, node, filling)];
        if (mapping.Children.ContainsKey(new YamlScalarNode("foreach")) || mapping.Children.ContainsKey(new YamlScalarNode("do")))
            return ForEach(name, new YamlFields(node, file, $"stage `{name}`", "foreach", "do"), filling, warnings);
        return mapping.Children.TryGetValue(new YamlScalarNode("matrix"), out var matrix)
            ? Matrix(name, node, new YamlFields(matrix, file, $"stage `{name}`, `matrix`", [.. Keys(matrix)]), filling)
            : [(name, node, filling)];
    }

    private static IEnumerable<(string, YamlNode, Interpolation)> ForEach(string name, YamlFields fields, Interpolation filling, List<string> warnings)
    {
        var template = fields["do"] ?? throw fields.Error(fields.Node, "`foreach` stands without `do`: the stage to repeat");
        var over = fields["foreach"] ?? throw fields.Error(fields.Node, "`do` stands without `foreach`: the list or map to repeat it for");
        var where = $"{fields.File}:{over.Start.Line}: {fields.Where}";
        var items = new OrderedDictionary<string, (object? Item, bool HasKey)>(StringComparer.Ordinal);
        switch (filling.Resolve(YamlReader.ValueOf(over, fields.File), where))
        {
            case OrderedDictionary<string, object?> map:
                foreach (var (key, item) in map)
                    items[key] = (item, true);
                break;
            case IReadOnlyList<object?> list:
                for (var i = 0; i < list.Count; i++)
                    items[Interpolation.TextOf(list[i]) ?? i.ToString(CultureInfo.InvariantCulture)] = (list[i], false);
                break;
            default:
                throw fields.Error(over, "`foreach` must be a list or a map");
        }

        if (items.Count == 0)
            warnings.Add($"{where}: `foreach` is empty, so there is no such stage");
        foreach (var (key, (item, hasKey)) in items)
            yield return ($"{name}@{key}", template, hasKey ? filling.With(("item", item), ("key", key)) : filling.With(("item", item)));
    }

    private static IEnumerable<(string, YamlNode, Interpolation)> Matrix(string name, YamlNode node, YamlFields axes, Interpolation filling)
    {
        List<(string Key, OrderedDictionary<string, object?> Item)> combinations = [("", new(StringComparer.Ordinal))];
        foreach (var axis in Keys(axes.Node))
        {
            var over = axes[axis] ?? throw axes.Error(axes.Node, $"`{axis}` is empty");
            if (filling.Resolve(YamlReader.ValueOf(over, axes.File), $"{axes.File}:{over.Start.Line}: {axes.Where}") is not IReadOnlyList<object?> { Count: > 0 } list)
                throw axes.Error(over, $"`{axis}` must be a list that is not empty");
            if ((long)combinations.Count * list.Count > MostStages)
                throw axes.Error(over, $"more than {MostStages} combinations");
            combinations = [.. combinations.SelectMany(c => list.Select((value, i) => Extended(c.Key, c.Item, axis, value, i)))];
        }

        if (combinations is [{ Key: "" }])
            throw axes.Error(axes.Node, "names no list to combine");
        foreach (var (key, item) in combinations)
            yield return ($"{name}@{key}", node, filling.With(("item", item), ("key", key)));
    }

    private static (string, OrderedDictionary<string, object?>) Extended(string key, OrderedDictionary<string, object?> item, string axis, object? value, int index)
    {
        var part = Interpolation.TextOf(value) ?? $"{axis}{index.ToString(CultureInfo.InvariantCulture)}";
        return (key.Length == 0 ? part : $"{key}-{part}", new(item, StringComparer.Ordinal) { [axis] = value });
    }

    private static IEnumerable<string> Keys(YamlNode node) => node is YamlMappingNode mapping ? mapping.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "") : [];
}
