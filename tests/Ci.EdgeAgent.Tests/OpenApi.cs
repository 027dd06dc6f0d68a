using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.EdgeAgent.Tests;

/// <summary>The schemas of the protocol's own OpenAPI description, as JSON Schemas.</summary>
internal static class OpenApi
{
    private static readonly JsonNode Components = Read();

    /// <summary>What is wrong with a document against one of the description's schemas; empty when it is valid.</summary>
    public static string Problems(TemporaryFolder folder, string schema, string document)
    {
        var root = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}", ["components"] = Components.DeepClone() };
        return JsonSchemas.Problems(folder.Write($"{schema}.json", root.ToJsonString()), folder.Write("document.json", document));
    }

    private static JsonNode Read()
    {
        using var text = new StreamReader(Path.Combine(Support.Root, "tests", "Fixtures", "spec", "open_inference_rest.yaml"));
        var stream = new YamlStream();
        stream.Load(text);
        return Json(stream.Documents[0].RootNode)!["components"]!;
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when bool.TryParse(plain.Value, out var flag) => JsonValue.Create(flag),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when double.TryParse(plain.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidOperationException($"unexpected {node.NodeType} in the description"),
    };
}
