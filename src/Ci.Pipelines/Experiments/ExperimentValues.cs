using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines.Experiments;

/// <summary>Parameters and metrics as records keep them: by file, then by key. JSON has no NaN: it stands as the text <c>"NaN"</c>.</summary>
public static class ExperimentValues
{
    /// <summary>Reads a file of metrics; Python's <c>NaN</c> and <c>Infinity</c>, which are no JSON, are numbers here.</summary>
    public static object? ReadMetrics(byte[] bytes, string shown)
    {
        try
        {
            return ParameterFile.Parse(bytes, shown);
        }
        catch (PipelineException) when (Path.GetExtension(shown).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            // JSON is YAML, and there the three words are plain texts.
            return Numbers(YamlReader.ReadValue(System.Text.Encoding.UTF8.GetString(bytes), shown));
        }
    }

    /// <summary>The number that a file and a key name; null when there is none, or it is no number.</summary>
    public static double? NumberOf(IReadOnlyDictionary<string, object?> files, MetricName metric)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(metric);
        var found = files.Where(f => metric.File is null || f.Key == metric.File)
            .Select(f => ParameterFile.TryFind(f.Value, metric.Key, out var value) ? Number(value) : null).FirstOrDefault(v => v is not null);
        return found;
    }

    public static double? Number(object? value) => value switch
    {
        long integer => integer,
        double real => real,
        BigInteger big => (double)big,
        _ => null,
    };

    /// <summary>A document as people read it, ending in a line break.</summary>
    internal static byte[] Indented(JsonNode node, int spaces)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = spaces, NewLine = "\n" }))
            node.WriteTo(writer);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    internal static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        double number when double.IsNaN(number) => JsonValue.Create("NaN"),
        double number when double.IsInfinity(number) => JsonValue.Create(number > 0 ? "Infinity" : "-Infinity"),
        double number => JsonNode.Parse(PythonText.OfDouble(number)),
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        OrderedDictionary<string, object?> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, ToJson(p.Value)))),
        IReadOnlyList<object?> list => new JsonArray([.. list.Select(ToJson)]),
        _ => JsonValue.Create(PythonText.Json(value)),
    };

    internal static JsonObject ToJson(IReadOnlyDictionary<string, object?> files) => new(files.Select(f => KeyValuePair.Create(f.Key, ToJson(f.Value))));

    internal static OrderedDictionary<string, object?> OfJson(JsonNode? node, string what) =>
        node is null ? new(StringComparer.Ordinal)
        : Numbers(ParameterFile.Parse(System.Text.Encoding.UTF8.GetBytes(node.ToJsonString()), $"{what}.json")) as OrderedDictionary<string, object?>
            ?? throw new PipelineException($"{what} of an experiment's record must be files with values");

    private static object? Numbers(object? value) => value switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        OrderedDictionary<string, object?> map => new OrderedDictionary<string, object?>(map.Select(p => KeyValuePair.Create(p.Key, Numbers(p.Value))), StringComparer.Ordinal),
        IReadOnlyList<object?> list => list.Select(Numbers).ToList(),
        _ => value,
    };
}
