using System.Globalization;
using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>One entry below <c>stages</c> as the stages that it means: itself, one for each item of <c>foreach</c>, or one for each combination of <c>matrix</c>.</summary>
internal static class StageExpansion
{
    private const int MostStages = 100_000;

    private static readonly YamlScalarNode Foreach = new("foreach");
    private static readonly YamlScalarNode Do = new("do");
    private static readonly YamlScalarNode MatrixKey = new("matrix");

    /// <summary>Every name with the description to read and what to fill into it.</summary>
    public static IEnumerable<StageEntry> Of(string name, YamlNode node, string file, Interpolation filling, List<string> warnings)
    {
        if (node is not YamlMappingNode mapping)
            return [new StageEntry(name, node, filling)];
        if (mapping.Children.ContainsKey(Foreach) || mapping.Children.ContainsKey(Do))
            return ForEach(name, new YamlFields(node, file, $"stage `{name}`", "foreach", "do"), filling, warnings);
        return mapping.Children.TryGetValue(MatrixKey, out var matrix)
            ? Matrix(name, node, new YamlFields(matrix, file, $"stage `{name}`, `matrix`", [.. Keys(matrix)]), filling, warnings)
            : [new StageEntry(name, node, filling)];
    }

    private static IEnumerable<StageEntry> ForEach(string name, YamlFields fields, Interpolation filling, List<string> warnings)
    {
        var template = fields["do"] ?? throw fields.Error(fields.Node, "`foreach` stands without `do`: the stage to repeat");
        var over = fields["foreach"] ?? throw fields.Error(fields.Node, "`do` stands without `foreach`: the list or map to repeat it for");
        var where = $"{fields.File}:{over.Start.Line}: {fields.Where}";
        var items = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        var raw = YamlReader.ValueOf(over, fields.File);
        var source = filling.Resolve(raw, where);
        switch (source)
        {
            case OrderedDictionary<string, object?> map:
                items = map;
                break;
            case IReadOnlyList<object?> list:
                // One item with a structure of its own, and all are known by their numbers.
                var byNumber = list.Any(item => Interpolation.TextOf(item) is null);
                for (var i = 0; i < list.Count; i++)
                    items[byNumber ? i.ToString(CultureInfo.InvariantCulture) : NameOf(list[i], raw, i)!] = list[i];
                break;
            default:
                throw fields.Error(over, $"`foreach` must be a list or a map, not {(source is null ? "nothing" : $"`{Interpolation.TextOf(source)}`")}");
        }

        if (items.Count == 0)
            warnings.Add($"{where}: `foreach` is empty, so there is no such stage");
        var hasKey = source is OrderedDictionary<string, object?>;
        WarnOfHidden(filling, where, hasKey ? ["item", "key"] : ["item"], warnings);
        foreach (var (key, item) in items)
            yield return new StageEntry($"{name}@{key}", template, hasKey ? filling.With(("item", item), ("key", key)) : filling.With(("item", item)));
    }

    private static IEnumerable<StageEntry> Matrix(string name, YamlNode node, YamlFields axes, Interpolation filling, List<string> warnings)
    {
        List<(string Key, OrderedDictionary<string, object?> Item)> combinations = [("", new(StringComparer.Ordinal))];
        var where = $"{axes.File}:{axes.Node.Start.Line}: {axes.Where}";
        foreach (var axis in Keys(axes.Node))
        {
            var over = axes[axis] ?? throw axes.Error(axes.Node, $"`{axis}` is empty");
            var raw = YamlReader.ValueOf(over, axes.File);
            var list = filling.Resolve(raw, $"{axes.File}:{over.Start.Line}: {axes.Where}") switch
            {
                IReadOnlyList<object?> items => items,
                // Of a map the keys are combined, as DVC does.
                OrderedDictionary<string, object?> map => [.. map.Keys],
                _ => throw axes.Error(over, $"`{axis}` must be a list"),
            };
            if ((long)combinations.Count * list.Count > MostStages)
                throw axes.Error(over, $"more than {MostStages} combinations");
            if (list.Count == 0)
                warnings.Add($"{axes.File}:{over.Start.Line}: {axes.Where}: `{axis}` is empty, so there is no such stage");
            combinations = [.. combinations.SelectMany(c => list.Select((value, i) => Extended(c.Key, c.Item, axis, value, NameOf(value, raw, i) ?? string.Create(CultureInfo.InvariantCulture, $"{axis}{i}"))))];
        }

        if (combinations is [{ Item.Count: 0 }])
            throw axes.Error(axes.Node, "names no list to combine");
        WarnOfHidden(filling, where, ["item", "key"], warnings);
        // Two combinations of one name are one stage, and the later one holds.
        var byKey = new OrderedDictionary<string, OrderedDictionary<string, object?>>(StringComparer.Ordinal);
        foreach (var (key, item) in combinations)
            byKey[key] = item;
        foreach (var (key, item) in byKey)
            yield return new StageEntry($"{name}@{key}", node, filling.With(("item", item), ("key", key)));
    }

    private static void WarnOfHidden(Interpolation filling, string where, IEnumerable<string> names, List<string> warnings) =>
        warnings.AddRange(names.Where(filling.Has).Select(name => $"{where}: `{name}` has a value elsewhere; in these stages it means the one that they are repeated for"));

    private static (string, OrderedDictionary<string, object?>) Extended(string key, OrderedDictionary<string, object?> item, string axis, object? value, string part) =>
        (item.Count == 0 ? part : $"{key}-{part}", new(item, StringComparer.Ordinal) { [axis] = value });

    // Flags that were filled in stand in names as Python writes them, those written out as YAML does. Null for what has a structure.
    private static string? NameOf(object? value, object? raw, int index) =>
        value is bool flag && (raw is not IReadOnlyList<object?> written || written[index] is string) ? (flag ? "True" : "False") : Interpolation.TextOf(value);

    private static IEnumerable<string> Keys(YamlNode node) => node is YamlMappingNode mapping ? mapping.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "") : [];
}
