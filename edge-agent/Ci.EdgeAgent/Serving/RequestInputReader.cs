using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Reads one of `inputs`, whose members may come in any order.</summary>
internal static class RequestInputReader
{
    private const int Name = 1;
    private const int Datatype = 2;
    private const int Shape = 4;
    private const int Data = 8;
    private const int Parameters = 16;

    public static void Read(ref Utf8JsonReader reader, InferenceCall call, long jsonBytes, ref BinaryTail binary)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new InvalidRequestException("each of `inputs` must be an object");
        Span<long> dimensions = stackalloc long[TensorShape.MaxRank];
        var (seen, index, rank, binaryBytes) = (0, -1, -1, -1L);
        var type = OnnxElementType.Undefined;
        Utf8JsonReader late = default;
        var isLate = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                JsonWords.Once(ref seen, Name, "name");
                index = FindInput(ref reader, call);
            }
            else if (reader.ValueTextEquals("datatype"u8))
            {
                JsonWords.Once(ref seen, Datatype, "datatype");
                type = ReadDatatype(ref reader);
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                JsonWords.Once(ref seen, Shape, "shape");
                rank = ReadShape(ref reader, dimensions);
            }
            else if (reader.ValueTextEquals("parameters"u8))
            {
                JsonWords.Once(ref seen, Parameters, "parameters");
                binaryBytes = ReadParameters(ref reader);
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                JsonWords.Once(ref seen, Data, "data");
                reader.Read();
                isLate = (seen & (Name | Datatype | Shape)) != (Name | Datatype | Shape);
                if (isLate)
                {
                    late = reader;
                    reader.Skip();
                }
                else
                {
                    ReadData(ref reader, call, index, type, dimensions[..rank], jsonBytes);
                }
            }
            else
            {
                JsonWords.Skip(ref reader);
            }
        }

        CheckWhole(seen, binaryBytes);
        if (isLate)
            ReadData(ref late, call, index, type, dimensions[..rank], jsonBytes);
        else if (binaryBytes >= 0)
            ReadBinary(ref binary, call, index, type, dimensions[..rank], binaryBytes);
    }

    private static void CheckWhole(int seen, long binaryBytes)
    {
        var hasData = (seen & Data) != 0;
        if ((seen & (Name | Datatype | Shape)) != (Name | Datatype | Shape) || (!hasData && binaryBytes < 0))
            throw new InvalidRequestException("each of `inputs` needs `name`, `datatype`, `shape` and `data` (or the parameter `binary_data_size`)");
        if (hasData && binaryBytes >= 0)
            throw new InvalidRequestException("an input has `data` or the parameter `binary_data_size`, not both");
    }

    private static void ReadData(ref Utf8JsonReader reader, InferenceCall call, int index, OnnxElementType type, scoped ReadOnlySpan<long> shape, long jsonBytes)
    {
        var declared = Expected(call, index, type);
        var count = TensorShape.Check(declared, shape, jsonBytes, "the body has bytes");
        call.Values[index] = TensorJson.Read(ref reader, call, index, count, shape);
    }

    private static void ReadBinary(ref BinaryTail binary, InferenceCall call, int index, OnnxElementType type, scoped ReadOnlySpan<long> shape, long bytes)
    {
        var declared = Expected(call, index, type);
        call.Values[index] = TensorBinary.Read(binary.Take(bytes, declared.Name), call, index, shape);
    }

    /// <summary>The declared input, which must be of this type and not given yet.</summary>
    internal static TensorInfo Expected(InferenceCall call, int index, OnnxElementType type)
    {
        var declared = call.Inputs[index];
        if (call.Values[index] is not null)
            throw new InvalidRequestException($"the input {declared.Name} is given twice");
        return type == declared.ElementType ? declared : throw new InvalidRequestException($"the input {declared.Name} has the datatype {declared.Datatype}, not {type.ToDatatype()}");
    }

    /// <summary>The element type that a datatype names.</summary>
    internal static OnnxElementType TypeOf(string datatype) => ElementTypes.FromDatatype(datatype)
        ?? throw new InvalidRequestException($"there is no datatype '{(datatype.Length <= 60 ? datatype : datatype[..60] + "…")}'; the protocol has BOOL, UINT8 … UINT64, INT8 … INT64, FP16, BF16, FP32, FP64, BYTES");

    /// <summary>The place of the input with this name.</summary>
    internal static int Find(InferenceCall call, string name)
    {
        for (var i = 0; i < call.Inputs.Count; i++)
        {
            if (call.Inputs[i].Name == name)
                return i;
        }

        throw new InvalidRequestException($"there is no input '{(name.Length <= 60 ? name : name[..60] + "…")}'; the model has {string.Join("; ", call.Inputs)}");
    }

    private static int FindInput(ref Utf8JsonReader reader, InferenceCall call)
    {
        JsonWords.Expect(ref reader, JsonTokenType.String, "an input's `name` must be a text");
        for (var i = 0; i < call.Inputs.Count; i++)
        {
            if (reader.ValueTextEquals(call.Inputs[i].Name))
                return i;
        }

        return Find(call, reader.GetString()!);
    }

    private static OnnxElementType ReadDatatype(ref Utf8JsonReader reader)
    {
        JsonWords.Expect(ref reader, JsonTokenType.String, "an input's `datatype` must be a text");
        return reader.ValueTextEquals("FP32"u8) ? OnnxElementType.Float : TypeOf(reader.GetString()!);
    }

    private static int ReadShape(ref Utf8JsonReader reader, scoped Span<long> dimensions)
    {
        JsonWords.Expect(ref reader, JsonTokenType.StartArray, "an input's `shape` must be a list of whole numbers");
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rank == TensorShape.MaxRank)
                throw new InvalidRequestException($"a `shape` has at most {TensorShape.MaxRank} dimensions");
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out dimensions[rank]) || dimensions[rank] < 0)
                throw new InvalidRequestException("an input's `shape` must be a list of whole numbers from 0");
            rank++;
        }

        return rank;
    }

    private static long ReadParameters(ref Utf8JsonReader reader)
    {
        JsonWords.Expect(ref reader, JsonTokenType.StartObject, "an input's `parameters` must be an object");
        var bytes = -1L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("binary_data_size"u8))
                bytes = JsonWords.Size(ref reader, "binary_data_size");
            else
                JsonWords.Skip(ref reader);
        }

        return bytes;
    }
}
