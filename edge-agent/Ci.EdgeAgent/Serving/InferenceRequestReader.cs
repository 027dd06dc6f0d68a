using System.Buffers;
using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>
/// Decodes an Open Inference Protocol v2 request straight into typed arrays, against the model's signature. Members may come in any
/// order; unknown ones are ignored; tensor data may be flat or nested and is read in row-major order.
/// </summary>
internal static class InferenceRequestReader
{
    private const int MaxRank = 16;
    private const int MaxIdLength = 256;

    public static void Read(in ReadOnlySequence<byte> body, InferenceCall call)
    {
        call.Reset();
        try
        {
            var reader = body.IsSingleSegment ? new Utf8JsonReader(body.FirstSpan) : new Utf8JsonReader(body);
            ReadDocument(ref reader, call, body.Length);
            if (reader.Read())
                throw new InvalidRequestException("the body goes on after the request's end");
        }
        catch (JsonException error)
        {
            throw new InvalidRequestException($"the body is not valid JSON: {error.Message}", error);
        }

        for (var i = 0; i < call.Values.Length; i++)
        {
            if (call.Values[i] is null)
                throw new InvalidRequestException($"the input {call.Inputs[i]} is missing");
        }
    }

    private static void ReadDocument(ref Utf8JsonReader reader, InferenceCall call, long bodyBytes)
    {
        Expect(ref reader, JsonTokenType.StartObject, "the body must be a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("inputs"u8))
            {
                Expect(ref reader, JsonTokenType.StartArray, "`inputs` must be a list");
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    ReadInput(ref reader, call, bodyBytes);
            }
            else if (reader.ValueTextEquals("outputs"u8))
            {
                ReadOutputs(ref reader, call);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                call.Id = Text(ref reader, "id");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private static void ReadInput(ref Utf8JsonReader reader, InferenceCall call, long bodyBytes)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new InvalidRequestException("each of `inputs` must be an object");
        var index = -1;
        OnnxElementType? type = null;
        Span<long> dimensions = stackalloc long[MaxRank];
        var rank = -1;
        Utf8JsonReader late = default;
        var (isLate, isRead) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                index = FindInput(ref reader, call);
            }
            else if (reader.ValueTextEquals("datatype"u8))
            {
                type = Datatype(ref reader);
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                rank = Shape(ref reader, dimensions);
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                if (index >= 0 && rank >= 0 && type is not null)
                {
                    isRead = true;
                    ReadData(ref reader, call, index, type.Value, dimensions[..rank], bodyBytes);
                }
                else
                {
                    late = reader;
                    isLate = true;
                    reader.Skip();
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (isRead)
            return;
        if (index < 0 || type is null || rank < 0 || !isLate)
            throw new InvalidRequestException("each of `inputs` needs `name`, `datatype`, `shape` and `data`");
        ReadData(ref late, call, index, type.Value, dimensions[..rank], bodyBytes);
    }

    private static void ReadData(ref Utf8JsonReader reader, InferenceCall call, int index, OnnxElementType type, scoped ReadOnlySpan<long> shape, long bodyBytes)
    {
        var declared = call.Inputs[index];
        if (call.Values[index] is not null)
            throw new InvalidRequestException($"the input {declared.Name} is given twice");
        if (type != declared.ElementType)
            throw new InvalidRequestException($"the input {declared.Name} has the datatype {declared.Datatype}, not {type.ToDatatype()}");
        var count = CheckShape(declared, shape, bodyBytes);
        call.Values[index] = TensorJson.Read(ref reader, call, index, count, shape);
    }

    private static int CheckShape(TensorInfo declared, scoped ReadOnlySpan<long> shape, long bodyBytes)
    {
        var fits = shape.Length == declared.Shape.Length;
        for (var i = 0; fits && i < shape.Length; i++)
            fits = declared.Shape[i] < 0 || declared.Shape[i] == shape[i];
        if (!fits)
            throw new InvalidRequestException($"the input {declared.Name} has the shape [{string.Join(',', declared.Shape)}], where -1 is any size; [{string.Join(',', shape.ToArray())}] does not fit");
        long count = 1;
        foreach (var dimension in shape)
        {
            // An element takes at least one byte of JSON: a shape that means more than the body has is a lie that must not be allocated.
            if (dimension > 0 && count > bodyBytes / dimension)
                throw new InvalidRequestException($"the input {declared.Name}: its shape means more elements than the body has bytes");
            count *= dimension;
        }

        return (int)count;
    }

    private static int FindInput(ref Utf8JsonReader reader, InferenceCall call)
    {
        Expect(ref reader, JsonTokenType.String, "an input's `name` must be a text");
        for (var i = 0; i < call.Inputs.Count; i++)
        {
            if (reader.ValueTextEquals(call.Inputs[i].Name))
                return i;
        }

        throw new InvalidRequestException($"there is no input '{Shortened(ref reader)}'; the model has {string.Join("; ", call.Inputs)}");
    }

    private static OnnxElementType Datatype(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String, "an input's `datatype` must be a text");
        if (reader.ValueTextEquals("FP32"u8))
            return OnnxElementType.Float;
        var name = Shortened(ref reader);
        return ElementTypes.FromDatatype(name)
            ?? throw new InvalidRequestException($"there is no datatype '{name}'; the protocol has BOOL, UINT8 … UINT64, INT8 … INT64, FP16, FP32, FP64, BYTES");
    }

    private static int Shape(ref Utf8JsonReader reader, scoped Span<long> dimensions)
    {
        Expect(ref reader, JsonTokenType.StartArray, "an input's `shape` must be a list of whole numbers");
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rank == MaxRank)
                throw new InvalidRequestException($"a `shape` has at most {MaxRank} dimensions");
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out dimensions[rank]) || dimensions[rank] < 0)
                throw new InvalidRequestException("an input's `shape` must be a list of whole numbers from 0");
            rank++;
        }

        return rank;
    }

    private static void ReadOutputs(ref Utf8JsonReader reader, InferenceCall call)
    {
        Expect(ref reader, JsonTokenType.StartArray, "`outputs` must be a list");
        var any = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new InvalidRequestException("each of `outputs` must be an object with a `name`");
            if (!any)
                Array.Clear(call.Wanted);
            any = true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                {
                    call.Wanted[FindOutput(ref reader, call)] = true;
                    continue;
                }

                reader.Read();
                reader.Skip();
            }
        }
    }

    private static int FindOutput(ref Utf8JsonReader reader, InferenceCall call)
    {
        Expect(ref reader, JsonTokenType.String, "an output's `name` must be a text");
        for (var i = 0; i < call.Outputs.Count; i++)
        {
            if (reader.ValueTextEquals(call.Outputs[i].Name))
                return i;
        }

        throw new InvalidRequestException($"there is no output '{Shortened(ref reader)}'; the model has {string.Join("; ", call.Outputs)}");
    }

    private static string Text(ref Utf8JsonReader reader, string member)
    {
        Expect(ref reader, JsonTokenType.String, $"`{member}` must be a text");
        var text = reader.GetString()!;
        return text.Length <= MaxIdLength ? text : throw new InvalidRequestException($"`{member}` has at most {MaxIdLength} characters");
    }

    private static string Shortened(ref Utf8JsonReader reader)
    {
        var text = reader.GetString()!;
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string otherwise)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new InvalidRequestException(otherwise);
    }
}
