using System.Buffers;
using System.Text.Json;

namespace Ci.EdgeAgent.Serving;

/// <summary>
/// Decodes an Open Inference Protocol v2 request straight into typed arrays, against the model's signature. Members may come in any
/// order; unknown ones are ignored, known ones may come once; tensor data may be flat or nested and is read in row-major order, or stands behind the
/// JSON as the binary tensor data extension says.
/// </summary>
internal static class InferenceRequestReader
{
    private const int Inputs = 1;
    private const int Outputs = 2;
    private const int Id = 4;
    private const int Parameters = 8;

    /// <summary>Reads a body whose first <paramref name="jsonBytes"/> are JSON and whose rest is binary tensor data.</summary>
    public static void Read(in ReadOnlySequence<byte> body, long jsonBytes, InferenceCall call)
    {
        call.Reset();
        var json = body.Slice(0, jsonBytes);
        var binary = new BinaryTail(body.Slice(jsonBytes));
        try
        {
            var reader = json.IsSingleSegment ? new Utf8JsonReader(json.FirstSpan) : new Utf8JsonReader(json);
            ReadDocument(ref reader, call, jsonBytes, ref binary);
            if (reader.Read())
                throw new InvalidRequestException("the body goes on after the request's end");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text whose escapes are no characters, such as half a surrogate pair.
            throw new InvalidRequestException($"the body is not valid JSON: {error.Message}", error);
        }

        binary.CheckEnd();
        for (var i = 0; i < call.Values.Length; i++)
        {
            if (call.Values[i] is null)
                throw new InvalidRequestException($"the input {call.Inputs[i]} is missing");
        }
    }

    public static void Read(in ReadOnlySequence<byte> body, InferenceCall call) => Read(body, body.Length, call);

    private static void ReadDocument(ref Utf8JsonReader reader, InferenceCall call, long jsonBytes, ref BinaryTail binary)
    {
        JsonWords.Expect(ref reader, JsonTokenType.StartObject, "the body must be a JSON object");
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("inputs"u8))
            {
                JsonWords.Once(ref seen, Inputs, "inputs");
                JsonWords.Expect(ref reader, JsonTokenType.StartArray, "`inputs` must be a list");
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    RequestInputReader.Read(ref reader, call, jsonBytes, ref binary);
            }
            else if (reader.ValueTextEquals("outputs"u8))
            {
                JsonWords.Once(ref seen, Outputs, "outputs");
                RequestOutputReader.Read(ref reader, call);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                JsonWords.Once(ref seen, Id, "id");
                call.Id = JsonWords.Text(ref reader, "id");
            }
            else if (reader.ValueTextEquals("parameters"u8))
            {
                JsonWords.Once(ref seen, Parameters, "parameters");
                ReadParameters(ref reader, call);
            }
            else
            {
                JsonWords.Skip(ref reader);
            }
        }
    }

    private static void ReadParameters(ref Utf8JsonReader reader, InferenceCall call)
    {
        JsonWords.Expect(ref reader, JsonTokenType.StartObject, "`parameters` must be an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("binary_data_output"u8))
                call.AllBinary = JsonWords.Flag(ref reader, "binary_data_output");
            else
                JsonWords.Skip(ref reader);
        }
    }
}
