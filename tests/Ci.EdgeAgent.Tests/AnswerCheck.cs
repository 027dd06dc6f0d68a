using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

/// <summary>
/// Holds the answers of requests that prism cannot carry (bodies that are no JSON, binary tensors, many at once, methods that the description does not have) to
/// the same description: what the protocol's schema for that answer requires must be there, in its types.
/// </summary>
internal sealed class AnswerCheck() : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly JsonNode Schemas = OpenApi.Description()["components"]!["schemas"]!;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.RequestUri!.AbsolutePath.StartsWith("/v2", StringComparison.Ordinal) && request.Method != HttpMethod.Head)
            Judge(request, response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return response;
    }

    /// <summary>What is wrong with a document against a schema of the description; null where nothing is.</summary>
    public static string? Problem(JsonNode? document, JsonNode schema, string at)
    {
        if (schema["$ref"] is { } reference)
            return Problem(document, Schemas[((string)reference!).Split('/')[^1]]!, at);
        if (schema["anyOf"] is JsonArray choices)
            return choices.Any(c => Problem(document, c!, at) is null) ? null : $"{at} is none of what it may be";
        if (schema["type"] is { } type && !IsOf((string)type!, document))
            return $"{at} is no {type}";
        if (document is JsonArray list && schema["items"] is { } items)
            return list.Select((item, i) => Problem(item, items, $"{at}[{i}]")).FirstOrDefault(p => p is not null);
        if (document is not JsonObject members)
            return null;
        var missing = schema["required"]?.AsArray().Select(name => (string)name!).FirstOrDefault(name => members[name] is null);
        return missing is not null
            ? $"{at}.{missing} is missing"
            : schema["properties"]?.AsObject().Where(p => members.ContainsKey(p.Key)).Select(p => Problem(members[p.Key], p.Value!, $"{at}.{p.Key}")).FirstOrDefault(p => p is not null);
    }

    private static void Judge(HttpRequestMessage request, HttpResponseMessage response, byte[] bytes)
    {
        var path = request.RequestUri!.AbsolutePath.TrimEnd('/');
        var json = response.Headers.TryGetValues("Inference-Header-Content-Length", out var length) ? bytes[..int.Parse(length.Single(), CultureInfo.InvariantCulture)] : bytes;
        if (SchemaOf(path, response.IsSuccessStatusCode, json.Length < bytes.Length) is not { } schema)
            return;
        if (Problem(JsonNode.Parse(json), schema, "answer") is { } problem)
            throw new ConformanceException($"{request.Method} {path} -> {(int)response.StatusCode}: {problem}: {System.Text.Encoding.UTF8.GetString(json)}");
    }

    // An answer of a health path has no schema there; one with binary data keeps only its names, shapes and datatypes in JSON.
    private static JsonNode? SchemaOf(string path, bool isFine, bool isBinary)
    {
        if (path.EndsWith("/ready", StringComparison.Ordinal) || path.EndsWith("/live", StringComparison.Ordinal))
            return null;
        if (!isFine)
            return JsonNode.Parse("""{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}}""");
        if (path == "/v2")
            return Schemas["metadata_server_response"];
        if (!path.EndsWith("/infer", StringComparison.Ordinal))
            return Schemas["metadata_model_response"];
        return isBinary ? JsonNode.Parse("""{"type":"object","required":["model_name","outputs"],"properties":{"outputs":{"type":"array","items":{"type":"object","required":["name","shape","datatype"]}}}}""") : Schemas["inference_response"];
    }

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "integer" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number && !value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E'),
        "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        _ => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
    };
}
