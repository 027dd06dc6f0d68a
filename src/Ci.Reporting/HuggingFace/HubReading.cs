using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>Reads a README's front matter back: its metrics, and all of it as JSON.</summary>
public static class HubReading
{
    private static readonly string[] Needed = ["type", "value"];

    /// <summary>The metrics of every result of the <c>model-index</c>, in the file's order; empty where it has none.</summary>
    /// <exception cref="ReportException">No front matter, not YAML, beyond the bounds, or a result that lacks what the format requires; with file and line.</exception>
    public static IReadOnlyList<HubMetric> Metrics(string readme, string file)
    {
        if (HubYaml.Field(Root(readme, file), "model-index") is not { } index)
            return [];
        var metrics = new List<HubMetric>();
        foreach (var entry in Items(index, file, "model-index"))
        {
            foreach (var result in Items(HubYaml.Field(entry, "results"), file, "results"))
            {
                var (task, dataset) = (Map(HubYaml.Field(result, "task"), result, file, "task"), Map(HubYaml.Field(result, "dataset"), result, file, "dataset"));
                foreach (var metric in Items(HubYaml.Field(result, "metrics"), file, "metrics"))
                    metrics.Add(MetricOf(entry, task, dataset, metric, file));
            }
        }

        return metrics;
    }

    /// <summary>The whole front matter, fields that we do not know, too.</summary>
    public static JsonObject FrontMatter(string readme, string file) => (JsonObject)Json(Root(readme, file))!;

    private static HubMetric MetricOf(YamlMappingNode entry, YamlMappingNode task, YamlMappingNode dataset, YamlMappingNode metric, string file)
    {
        foreach (var key in Needed)
        {
            if (Text(metric, key) is null)
                throw new ReportException($"{file}:{metric.Start.Line + 1}: a metric needs `{key}`");
        }

        var args = HubYaml.Field(metric, "args") as YamlMappingNode;
        return new HubMetric
        {
            Model = Text(entry, "name") ?? "",
            Task = Text(task, "type") ?? throw new ReportException($"{file}:{task.Start.Line + 1}: `task` needs `type`"),
            Dataset = Text(dataset, "type") ?? throw new ReportException($"{file}:{dataset.Start.Line + 1}: `dataset` needs `type`"),
            DatasetName = Text(dataset, "name"),
            Split = Text(dataset, "split"),
            Metric = Text(metric, "type")!,
            Name = Text(metric, "name"),
            Text = Text(metric, "value")!,
            Value = Number(metric, "value"),
            Unit = args is null ? null : Text(args, "unit"),
            Low = args is null ? null : Number(args, "low"),
            High = args is null ? null : Number(args, "high"),
            Verified = Text(metric, "verified") == "true",
        };
    }

    private static YamlMappingNode Root(string readme, string file) =>
        HubDocument.Read(readme, file).Root ?? throw new ReportException($"{file}: has no front matter; it would begin with a line of ---");

    private static IEnumerable<YamlMappingNode> Items(YamlNode? node, string file, string what) => node switch
    {
        null => [],
        YamlSequenceNode list => list.Select(item => item as YamlMappingNode ?? throw new ReportException($"{file}:{item.Start.Line + 1}: an entry of `{what}` must be a mapping")),
        _ => throw new ReportException($"{file}:{node.Start.Line + 1}: `{what}` must be a list"),
    };

    private static YamlMappingNode Map(YamlNode? node, YamlNode parent, string file, string what) =>
        node as YamlMappingNode ?? throw new ReportException($"{file}:{(node ?? parent).Start.Line + 1}: a result needs `{what}` with `type`");

    private static string? Text(YamlMappingNode map, string key) => (HubYaml.Field(map, key) as YamlScalarNode)?.Value is { } value ? PlainText.Clean(value) : null;

    private static double? Number(YamlMappingNode map, string key) =>
        HubYaml.Field(map, key) is YamlScalarNode { Value: { } text } && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key.ToString(), Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Plain(text),
        YamlScalarNode { Value: { } text } => JsonValue.Create(text),
        _ => null,
    };

    // YAML's core schema: what looks like a number or a truth value is one, unless it is quoted.
    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
