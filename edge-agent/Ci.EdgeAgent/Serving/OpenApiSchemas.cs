using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>The schemas of the OpenAPI document: the protocol's, and one pair a model with its names, datatypes and sizes.</summary>
internal static class OpenApiSchemas
{
    private const string Common = """
        {"object":{"type":"object"},
         "status":{"type":"object","required":["device","environment","version","models"],"properties":{"device":{"type":"string"},"environment":{"type":"string"},"version":{"type":"string"},"models":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}}}},
         "error":{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}},
         "live":{"type":"object","required":["live"],"properties":{"live":{"type":"boolean"}}},
         "ready":{"type":"object","required":["ready"],"properties":{"ready":{"type":"boolean"}}},
         "not_ready":{"type":"object","properties":{"ready":{"type":"boolean"},"error":{"type":"string"}}},
         "server_metadata":{"type":"object","required":["name","version","extensions"],"properties":{"name":{"type":"string"},"version":{"type":"string"},"extensions":{"type":"array","items":{"type":"string"}}}},
         "metadata_tensor":{"type":"object","required":["name","datatype","shape"],"properties":{"name":{"type":"string"},"datatype":{"type":"string"},"shape":{"type":"array","items":{"type":"integer","minimum":-1}}}},
         "model_metadata":{"type":"object","required":["name","versions","platform","inputs","outputs"],"properties":{"name":{"type":"string"},"versions":{"type":"array","items":{"type":"string"}},"platform":{"type":"string"},"inputs":{"type":"array","items":{"$ref":"#/components/schemas/metadata_tensor"}},"outputs":{"type":"array","items":{"$ref":"#/components/schemas/metadata_tensor"}},"properties":{"type":"object","additionalProperties":{"type":"string"}}}},
         "parameters":{"type":"object","additionalProperties":{}}}
        """;

    public static void Write(Utf8JsonWriter writer)
    {
        using var common = JsonDocument.Parse(Common);
        foreach (var schema in common.RootElement.EnumerateObject())
            schema.WriteTo(writer);
    }

    /// <summary>What the model takes; null where nothing serves, so that nothing is known of it.</summary>
    public static void Request(Utf8JsonWriter writer, string name, IReadOnlyList<TensorInfo>? inputs, IReadOnlyList<TensorInfo>? outputs)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type"u8, "object");
        Required(writer, "inputs");
        writer.WriteStartObject("properties"u8);
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue("""{"type":"string","maxLength":256}"""u8);
        writer.WritePropertyName("parameters"u8);
        writer.WriteRawValue("""{"$ref":"#/components/schemas/parameters"}"""u8);
        Tensors(writer, "inputs", inputs, isExact: true, "name", "datatype", "shape", "data");
        Tensors(writer, "outputs", outputs, isExact: false, "name");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void Response(Utf8JsonWriter writer, string name, IReadOnlyList<TensorInfo>? outputs)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type"u8, "object");
        Required(writer, "model_name", "model_version", "outputs");
        writer.WriteStartObject("properties"u8);
        foreach (var member in new[] { "model_name", "model_version", "id" })
        {
            writer.WritePropertyName(member);
            writer.WriteRawValue("""{"type":"string"}"""u8);
        }

        Tensors(writer, "outputs", outputs, isExact: false, "name", "datatype", "shape", "data");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Tensors(Utf8JsonWriter writer, string member, IReadOnlyList<TensorInfo>? declared, bool isExact, params string[] required)
    {
        var tensors = declared is null ? null : ProtocolDocuments.Carried(declared).ToList();
        writer.WriteStartObject(member);
        writer.WriteString("type"u8, "array");
        if (tensors is not null && isExact)
        {
            writer.WriteNumber("minItems"u8, tensors.Count);
            writer.WriteNumber("maxItems"u8, tensors.Count);
        }

        writer.WriteStartObject("items"u8);
        if (tensors is null)
        {
            writer.WriteString("type"u8, "object");
        }
        else
        {
            writer.WriteStartArray("oneOf"u8);
            foreach (var tensor in tensors)
                Tensor(writer, tensor, required);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Tensor(Utf8JsonWriter writer, TensorInfo tensor, string[] required)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "object");
        Required(writer, required);
        writer.WriteStartObject("properties"u8);
        OneValue(writer, "name", tensor.Name);
        OneValue(writer, "datatype", tensor.Datatype!);
        writer.WriteStartObject("shape"u8);
        writer.WriteString("type"u8, "array");
        writer.WriteString("description"u8, $"[{string.Join(',', tensor.Shape)}], where -1 is any size");
        if (tensor.Shape.Length > 0) // of rank 0, or of a rank that the model does not say
        {
            writer.WriteNumber("minItems"u8, tensor.Shape.Length);
            writer.WriteNumber("maxItems"u8, tensor.Shape.Length);
        }

        writer.WritePropertyName("items"u8);
        writer.WriteRawValue("""{"type":"integer","minimum":0}"""u8);
        writer.WriteEndObject();
        writer.WritePropertyName("parameters"u8);
        writer.WriteRawValue("""{"$ref":"#/components/schemas/parameters"}"""u8);
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue("""{"type":"array","items":{},"description":"Row by row, flat or nested."}"""u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void OneValue(Utf8JsonWriter writer, string member, string value)
    {
        writer.WriteStartObject(member);
        writer.WriteString("type"u8, "string");
        writer.WriteStartArray("enum"u8);
        writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Required(Utf8JsonWriter writer, params string[] members)
    {
        writer.WriteStartArray("required"u8);
        foreach (var member in members)
            writer.WriteStringValue(member);
        writer.WriteEndArray();
    }
}
