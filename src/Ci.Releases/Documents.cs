using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Ci.Releases;

/// <summary>
/// The one strict door for documents: bounded, no duplicate names, no comments, the right schema and major version; unknown fields
/// are ignored.
/// </summary>
internal static class Documents
{
    /// <summary>Integers above this lose digits in canonical JSON, so no document may hold them.</summary>
    public const long MaxInteger = 1L << 53;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8, int maxBytes, RefusalCode code, string what)
    {
        if (utf8.Length > maxBytes)
            throw new ReleaseRefusedException(code, $"{what} has {utf8.Length} bytes; at most {maxBytes} are read");
        try
        {
            return JsonNode.Parse(utf8, nodeOptions: null, Strict) as JsonObject
                ?? throw new ReleaseRefusedException(code, $"{what} is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new ReleaseRefusedException(code, $"{what} is not valid JSON: {error.Message}", error);
        }
    }

    public static T Read<T>(JsonObject document, JsonTypeInfo<T> type, string schema, RefusalCode code, string what)
        where T : class
    {
        try
        {
            CheckSchema(document, schema, code, what);
            if (HoldsNullItem(document))
                throw new ReleaseRefusedException(code, $"{what} holds null in a list");
            return document.Deserialize(type) ?? throw new ReleaseRefusedException(code, $"{what} is null");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw new ReleaseRefusedException(code, $"{what} does not fit {schema}: {error.Message}", error);
        }
    }

    public static byte[] Write<T>(T document, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            JsonSerializer.Serialize(writer, document, type);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The SHA-256 of the canonical document without its <c>id</c>.</summary>
    public static Sha256Digest IdOf(JsonObject document, RefusalCode code, string what)
    {
        var copy = (JsonObject)document.DeepClone();
        copy.Remove("id");
        try
        {
            return Sha256Digest.Of(CanonicalJson.Of(copy));
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw new ReleaseRefusedException(code, $"{what} has no canonical form: {error.Message}", error);
        }
    }

    // The types cannot say that a list's items are not null. Golden tensors alone may hold null among their data: it means NaN there.
    private static bool HoldsNullItem(JsonNode? node) => node switch
    {
        JsonArray list => list.Any(item => item is null || HoldsNullItem(item)),
        JsonObject map => map.Any(property => property.Key != "data" && HoldsNullItem(property.Value)),
        _ => false,
    };

    /// <summary>A document that has no type of its own.</summary>
    public static byte[] Write(JsonObject document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            document.WriteTo(writer);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static void CheckSchema(JsonObject document, string schema, RefusalCode code, string what)
    {
        var found = document["schema"] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        // A minor version ("mlops.release/v1.2") adds fields only, which an older reader ignores.
        if (found != schema && found?.StartsWith(schema + ".", StringComparison.Ordinal) != true)
            throw new ReleaseRefusedException(code, $"{what} says schema {Names.Quote(found)}; this version reads {schema}");
    }
}
