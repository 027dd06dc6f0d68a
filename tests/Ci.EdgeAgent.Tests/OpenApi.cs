using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.EdgeAgent.Tests;

/// <summary>The schemas of the protocol's own OpenAPI description, as JSON Schemas.</summary>
internal static class OpenApi
{
    private const string VersionSegment = "/versions/{MODEL_VERSION}";
    private static readonly JsonNode Whole = Read();
    private static readonly JsonNode Components = Whole["components"]!;

    /// <summary>
    /// The protocol's own description for a validating proxy. Added, because its text says so and its paths do not: the version may be left out
    /// of a model's paths, the last slash out of the server's, and whatever fails has the error object.
    /// </summary>
    public static JsonNode Description()
    {
        var description = Whole.DeepClone();
        var paths = description["paths"]!.AsObject();
        foreach (var (path, operations) in paths.ToList())
        {
            foreach (var responses in operations!.AsObject().Where(o => o.Key is "get" or "post").Select(o => o.Value!["responses"]!))
            {
                foreach (var failures in new[] { "4XX", "5XX" })
                    responses[failures] = JsonNode.Parse("""{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/inference_error_response"}}}}""");
            }

            if (path == "/v2/")
                paths["/v2"] = operations!.DeepClone();
            if (!path.Contains(VersionSegment, StringComparison.Ordinal))
                continue;
            var unversioned = operations!.DeepClone();
            unversioned["parameters"]!.AsArray().RemoveAt(1);
            paths[path.Replace(VersionSegment, "", StringComparison.Ordinal)] = unversioned;
        }

        foreach (var operation in paths.SelectMany(p => p.Value!.AsObject().Where(o => o.Key is "get" or "post").Select(o => (p.Key, o.Value))))
            operation.Value!["operationId"] = $"{operation.Value["operationId"]}{operation.Key}";
        return description;
    }

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
        return Json(stream.Documents[0].RootNode)!;
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
