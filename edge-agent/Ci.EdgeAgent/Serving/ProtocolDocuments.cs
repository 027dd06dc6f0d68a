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
        Tensors(writer, "inputs", generation.Instance.Inputs);
        Tensors(writer, "outputs", generation.Instance.Outputs);
        writer.WriteStartObject("properties"u8);
        writer.WriteString("release"u8, generation.Release);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static string Datatype(TensorInfo tensor) => tensor.Datatype ?? tensor.ElementType.ToString();

    private static void Tensors(Utf8JsonWriter writer, string name, IReadOnlyList<TensorInfo> tensors)
    {
        writer.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, tensor.Name);
            writer.WriteString("datatype"u8, Datatype(tensor));
            writer.WriteStartArray("shape"u8);
            foreach (var dimension in tensor.Shape)
                writer.WriteNumberValue(dimension);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
