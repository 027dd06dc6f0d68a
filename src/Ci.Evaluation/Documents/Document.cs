using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ci.Evaluation;

/// <summary>
/// Reading of this room's documents: bounded, one schema, errors in its own family. (The JSON source generator sets absent init-only
/// properties to null whatever their initializer says, dotnet/runtime#58770: hence the documents' <c>value ?? …</c>.)
/// </summary>
internal static class Document
{
    public static T Read<T>(ReadOnlySpan<byte> json, int mostBytes, string schema, string what, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.Length > mostBytes)
            throw new EvaluationException($"not {what}: it has {json.Length} bytes; at most {mostBytes} are read");
        try
        {
            CheckSchema(json, schema, what);
            return JsonSerializer.Deserialize(json, type) ?? throw new EvaluationException($"not {what}: the document is JSON null; expected an object");
        }
        catch (JsonException error)
        {
            throw new EvaluationException($"not {what}: {JsonProblem.Words(error)}", error);
        }
    }

    /// <summary>The schema is looked at before anything else: another version's fields must not be taken for damage.</summary>
    private static void CheckSchema(ReadOnlySpan<byte> json, string schema, string what)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        using var document = JsonDocument.ParseValue(ref reader);
        if (NullItems.First(document.RootElement) is { } place)
            throw new EvaluationException($"not {what}: {place} is null; the items of a list may not be");
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schema", out var value)
            || value.ValueKind != JsonValueKind.String)
            throw new EvaluationException($"not {what}: there is no \"schema\"; expected \"{schema}\"");
        var found = value.GetString()!;
        if (found != schema && !found.StartsWith(schema + ".", StringComparison.Ordinal))
            throw new EvaluationException($"not {what} that this mlops can read: its schema is \"{(found.Length > 60 ? found[..60] : found)}\", expected \"{schema}\"");
    }
}
