using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Evaluation.Tests.DataChecks;

/// <summary>YAML as the JSON that it means, for the validator of JSON Schemas.</summary>
internal static class YamlAsJson
{
    public static string Of(string yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(yaml);
        stream.Load(reader);
        return Node(stream.Documents[0].RootNode)!.ToJsonString();
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Node(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => truth.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } plain when double.TryParse(plain.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => ((YamlScalarNode)node).Value,
    };
}
