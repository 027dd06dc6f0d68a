using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Encodes an Open Inference Protocol v2 response.</summary>
internal static class InferenceResponseWriter
{
    public static void Write(Utf8JsonWriter writer, string model, string version, InferenceCall call, IReadOnlyList<OnnxValue> outputs)
    {
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, model);
        writer.WriteString("model_version"u8, version);
        if (call.Id is not null)
            writer.WriteString("id"u8, call.Id);
        writer.WriteStartArray("outputs"u8);
        for (var i = 0; i < outputs.Count; i++)
        {
            if (call.Wanted[i])
                WriteOutput(writer, outputs[i]);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteOutput(Utf8JsonWriter writer, OnnxValue output)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, output.Name);
        writer.WriteString("datatype"u8, output.Type.ToDatatype());
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in output.Shape)
            writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WritePropertyName("data"u8);
        TensorJson.Write(writer, output);
        writer.WriteEndObject();
    }
}
