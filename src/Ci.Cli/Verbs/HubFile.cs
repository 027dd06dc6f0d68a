using System.Text.Json.Nodes;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>The metrics of a README as JSON.</summary>
internal static class HubFile
{
    /// <summary>Bytes that a README may have.</summary>
    public const int MostBytes = 4 << 20;

    public static JsonArray AsRows(IReadOnlyList<HubMetric> metrics) => new([.. metrics.Select(metric => (JsonNode)new JsonObject
    {
        ["model"] = metric.Model,
        ["task"] = metric.Task,
        ["dataset"] = metric.Dataset,
        ["split"] = metric.Split,
        ["metric"] = metric.Metric,
        ["value"] = metric.Value is { } value ? value : metric.Text,
        ["unit"] = metric.Unit,
        ["low"] = metric.Low,
        ["high"] = metric.High,
        ["verified"] = metric.Verified,
    })]);

    /// <summary>As a metrics file: data, then metric. Where a README says one twice, the first counts.</summary>
    public static JsonObject AsMetrics(IReadOnlyList<HubMetric> metrics)
    {
        var file = new JsonObject();
        foreach (var metric in metrics.Where(metric => metric.Value is not null))
        {
            var name = metric.Split is null ? metric.Dataset : $"{metric.Dataset} {metric.Split}";
            if (file[name] is not JsonObject data)
                file[name] = data = [];
            data.TryAdd(metric.Metric, metric.Value);
        }

        return file;
    }
}
