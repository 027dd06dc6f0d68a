using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Encodes an Open Inference Protocol v2 response: JSON, and behind it the outputs that the caller wants as binary data.</summary>
internal static class InferenceResponseWriter
{
    public static void Write(string model, string version, InferenceCall call, IReadOnlyList<OnnxValue> outputs)
    {
        var writer = call.BeginResponse();
        var anyBinary = false;
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, model);
        writer.WriteString("model_version"u8, version);
        if (call.Id is not null)
            writer.WriteString("id"u8, call.Id);
        writer.WriteStartArray("outputs"u8);
        for (var i = 0; i < outputs.Count; i++)
        {
            if (!call.Wanted[i])
                continue;
            var binary = call.IsBinary(i);
            anyBinary |= binary;
            WriteOutput(writer, outputs[i], binary);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        call.EndJson(anyBinary);
        for (var i = 0; anyBinary && i < outputs.Count; i++)
        {
            if (call.Wanted[i] && call.IsBinary(i))
                TensorBinary.Write(call.Buffer, outputs[i]);
        }
    }

    private static void WriteOutput(Utf8JsonWriter writer, OnnxValue output, bool binary)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, output.Name);
        writer.WriteString("datatype"u8, output.Type.ToDatatype());
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in output.Shape)
            writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        if (binary)
        {
            writer.WriteStartObject("parameters"u8);
            writer.WriteNumber("binary_data_size"u8, TensorBinary.Size(output));
            writer.WriteEndObject();
        }
        else
        {
            writer.WritePropertyName("data"u8);
            TensorJson.Write(writer, output);
        }

        writer.WriteEndObject();
    }
}
