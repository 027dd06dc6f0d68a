using System.Text.Json;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>The protocol's metadata of server and model.</summary>
internal static class ProtocolDocuments
{
    public const string ServerName = "edge-agent";
    public const string Platform = "onnx_onnxv1";

    /// <summary>The protocol's extensions that are spoken here, by their names.</summary>
    public static readonly IReadOnlyList<string> Extensions = ["binary_tensor_data"];

    public static void Server(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, ServerName);
        writer.WriteString("version"u8, AgentVersion.Number);
        writer.WriteStartArray("extensions"u8);
        foreach (var extension in Extensions)
            writer.WriteStringValue(extension);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Model(Utf8JsonWriter writer, string name, Generation generation)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteStartArray("versions"u8);
        writer.WriteStringValue(generation.Version);
        writer.WriteEndArray();
        writer.WriteString("platform"u8, Platform);
        Tensors(writer, "inputs", Carried(generation.Instance.Inputs));
        Tensors(writer, "outputs", Carried(generation.Instance.Outputs));
        writer.WriteStartObject("properties"u8);
        writer.WriteString("release"u8, generation.Release);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What callers can send and get: the protocol has no word for lists, maps and 4-bit numbers.</summary>
    public static IEnumerable<TensorInfo> Carried(IReadOnlyList<TensorInfo> tensors) => tensors.Where(t => t.Datatype is not null);

    private static void Tensors(Utf8JsonWriter writer, string name, IEnumerable<TensorInfo> tensors)
    {
        writer.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, tensor.Name);
            writer.WriteString("datatype"u8, tensor.Datatype);
            writer.WriteStartArray("shape"u8);
            foreach (var dimension in tensor.Shape)
                writer.WriteNumberValue(dimension);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
