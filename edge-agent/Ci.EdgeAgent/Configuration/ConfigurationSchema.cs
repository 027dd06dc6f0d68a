using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.EdgeAgent.Configuration;

/// <summary>The JSON Schema of agent.json, made from what the reader asks for, so that it cannot say anything else.</summary>
internal static class ConfigurationSchema
{
    private const string Name = "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$";
    private static readonly string[] Needed = ["device", "environment", "models", "source", "store", "trustedKeys", "data"];
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static string Text()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
            Document().WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static JsonObject Document()
    {
        var root = Object();
        var top = (JsonObject)root["properties"]!;
        top["$schema"] = new JsonObject { ["type"] = "string" };
        top["schema"] = new JsonObject { ["const"] = AgentConfiguration.SchemaName };
        foreach (var setting in AgentConfigurationFile.Catalogue().Where(s => !SecretRules.IsSecret(s.Path.Split('.')[^1])))
            Place(root, setting.Path.Split('.'), Of(setting));
        ((JsonObject)top["source"]!)["oneOf"] = new JsonArray(Requiring("git"), Requiring("mirror"));
        var document = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "https://mlops-action.dev/schemas/agent-configuration.schema.json",
            ["title"] = AgentConfiguration.SchemaName,
            ["required"] = new JsonArray([.. Needed.Select(n => (JsonNode)n)]),
        };
        foreach (var (name, value) in root.ToList())
        {
            root.Remove(name);
            document[name] = value;
        }

        return document;
    }

    // NAME in a path is a model's name: whatever stands there, its members are these.
    private static void Place(JsonObject under, string[] path, JsonObject schema)
    {
        for (var i = 0; ; i++)
        {
            var (holder, name) = path[i] == "NAME" ? (under, "additionalProperties") : ((JsonObject)under["properties"]!, path[i]);
            if (i == path.Length - 1)
            {
                holder[name] = schema;
                return;
            }

            if (holder[name] is not JsonObject)
                holder[name] = Object();
            under = (JsonObject)holder[name]!;
        }
    }

    private static JsonObject Object() => new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject() };

    private static JsonObject Of(Setting setting)
    {
        var words = SettingWords.Of(setting.Path);
        var schema = setting.Kind switch
        {
            SettingKind.Text => Text(setting.Path),
            SettingKind.Texts => new JsonObject { ["type"] = "array", ["items"] = Text(setting.Path) },
            _ => new JsonObject { ["type"] = setting.Kind == SettingKind.Whole ? "integer" : "number" },
        };
        if (setting.Path is "models")
            (schema["minItems"], schema["maxItems"], schema["uniqueItems"]) = (1, 64, true);
        if (setting.Path is "trustedKeys")
            schema["minItems"] = 1;
        if (setting.Path is "quota.writeBytesPerDay")
            schema["anyOf"] = new JsonArray(new JsonObject { ["const"] = 0 }, new JsonObject { ["minimum"] = QuotaSettings.LeastBytesPerDay });
        if (setting.Range is var (fallback, least, most))
            (schema["minimum"], schema["maximum"], schema["default"]) = (Number(least), Number(most), Number(fallback));
        if (words is { } known)
            schema["description"] = known.Words;
        return schema;
    }

    private static JsonObject Requiring(string member) => new() { ["required"] = new JsonArray(member) };

    private static JsonObject Text(string path) => path switch
    {
        "device" or "environment" or "models" => new JsonObject { ["type"] = "string", ["pattern"] = Name },
        "listen" or "grpcListen" => new JsonObject { ["type"] = "string", ["pattern"] = "^http://" },
        "fetch.windows" => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$" },
        _ => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
    };

    private static JsonValue Number(double value) => double.IsInteger(value) && Math.Abs(value) < 1L << 53 ? JsonValue.Create((long)value) : JsonValue.Create(value);
}
