using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>The elements of a tensor from and to JSON, for every datatype of the protocol.</summary>
internal static class TensorJson
{
    /// <summary>Reads the elements that the reader stands before the content of (at its `[`), flat or nested.</summary>
    public static OnnxValue Read(ref Utf8JsonReader reader, InferenceCall call, int index, int count, scoped ReadOnlySpan<long> shape) =>
        call.Inputs[index].ElementType switch
        {
            OnnxElementType.Float => Of<float>(ref reader, call, index, count, shape, ElementReaders.Single),
            OnnxElementType.Double => Of<double>(ref reader, call, index, count, shape, ElementReaders.Double),
            OnnxElementType.Float16 => Of<Half>(ref reader, call, index, count, shape, ElementReaders.Half),
            OnnxElementType.BFloat16 => Of<BFloat16>(ref reader, call, index, count, shape, ElementReaders.BFloat),
            OnnxElementType.Int8 => Of<sbyte>(ref reader, call, index, count, shape, ElementReaders.SByte),
            OnnxElementType.Int16 => Of<short>(ref reader, call, index, count, shape, ElementReaders.Int16),
            OnnxElementType.Int32 => Of<int>(ref reader, call, index, count, shape, ElementReaders.Int32),
            OnnxElementType.Int64 => Of<long>(ref reader, call, index, count, shape, ElementReaders.Int64),
            OnnxElementType.UInt8 => Of<byte>(ref reader, call, index, count, shape, ElementReaders.Byte),
            OnnxElementType.UInt16 => Of<ushort>(ref reader, call, index, count, shape, ElementReaders.UInt16),
            OnnxElementType.UInt32 => Of<uint>(ref reader, call, index, count, shape, ElementReaders.UInt32),
            OnnxElementType.UInt64 => Of<ulong>(ref reader, call, index, count, shape, ElementReaders.UInt64),
            OnnxElementType.Bool => Of<bool>(ref reader, call, index, count, shape, ElementReaders.Boolean),
            OnnxElementType.String => OnnxValue.OfStrings(call.Inputs[index].Name, Elements<string>(ref reader, call, index, count, ElementReaders.Text), shape.ToArray()),
            _ => throw new InvalidRequestException($"the input {call.Inputs[index].Name} is {call.Inputs[index].ElementType}, which JSON cannot carry"),
        };

    /// <summary>Writes the elements as one flat list. JSON has no NaN or infinity: such an output is an <see cref="OutputNotFiniteException"/>.</summary>
    public static void Write(Utf8JsonWriter writer, OnnxValue value)
    {
        writer.WriteStartArray();
        switch (value.Type)
        {
            case OnnxElementType.Float:
                foreach (var v in value.As<float>())
                    writer.WriteNumberValue(float.IsFinite(v) ? v : throw NotFinite(value.Name, value.As<float>()));
                break;
            case OnnxElementType.Double:
                foreach (var v in value.As<double>())
                    writer.WriteNumberValue(double.IsFinite(v) ? v : throw NotFinite(value.Name, value.As<double>()));
                break;
            case OnnxElementType.Float16:
                foreach (var v in value.As<Half>())
                    writer.WriteNumberValue(Half.IsFinite(v) ? (float)v : throw NotFinite(value.Name, value.As<Half>()));
                break;
            case OnnxElementType.BFloat16:
                foreach (var v in value.As<BFloat16>())
                    writer.WriteNumberValue(float.IsFinite(v.ToSingle()) ? v.ToSingle() : throw NotFinite<float>(value.Name, Array.ConvertAll(value.As<BFloat16>().ToArray(), b => b.ToSingle())));
                break;
            case OnnxElementType.Int64:
                foreach (var v in value.As<long>())
                    writer.WriteNumberValue(v);
                break;
            case OnnxElementType.UInt64:
                foreach (var v in value.As<ulong>())
                    writer.WriteNumberValue(v);
                break;
            case OnnxElementType.Bool:
                foreach (var v in value.As<bool>())
                    writer.WriteBooleanValue(v);
                break;
            case OnnxElementType.String:
                foreach (var v in value.Strings)
                    writer.WriteStringValue(v);
                break;
            default:
                WriteSmallIntegers(writer, value);
                break;
        }

        writer.WriteEndArray();
    }

    private static void WriteSmallIntegers(Utf8JsonWriter writer, OnnxValue value)
    {
        switch (value.Type)
        {
            case OnnxElementType.Int8: Integers(writer, value.As<sbyte>()); break;
            case OnnxElementType.Int16: Integers(writer, value.As<short>()); break;
            case OnnxElementType.Int32: Integers(writer, value.As<int>()); break;
            case OnnxElementType.UInt8: Integers(writer, value.As<byte>()); break;
            case OnnxElementType.UInt16: Integers(writer, value.As<ushort>()); break;
            case OnnxElementType.UInt32: Integers(writer, value.As<uint>()); break;
            default: throw new OnnxException($"the output {value.Name} is {value.Type}, which JSON cannot carry");
        }
    }

    private static void Integers<T>(Utf8JsonWriter writer, ReadOnlySpan<T> values)
        where T : System.Numerics.IBinaryInteger<T>
    {
        foreach (var v in values)
            writer.WriteNumberValue(long.CreateTruncating(v));
    }

    private static OnnxValue Of<T>(ref Utf8JsonReader reader, InferenceCall call, int index, int count, scoped ReadOnlySpan<long> shape, ElementReader<T> take)
        where T : unmanaged => call.Value(index, Elements(ref reader, call, index, count, take), shape);

    private static T[] Elements<T>(ref Utf8JsonReader reader, InferenceCall call, int index, int count, ElementReader<T> take)
    {
        var name = call.Inputs[index].Name;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new InvalidRequestException($"the input {name}: `data` must be a list");
        var elements = call.Take<T>(index, count);
        var (at, depth) = (0, 1);
        while (depth > 0 && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartArray)
                depth++;
            else if (reader.TokenType == JsonTokenType.EndArray)
                depth--;
            else if (at == count)
                throw new InvalidRequestException($"the input {name}: `data` has more than the {count} elements of its shape");
            else if (!take(ref reader, out elements[at]))
                throw new InvalidRequestException($"the input {name}: element {at} is not a {call.Inputs[index].Datatype}");
            else
                at++;
        }

        return at == count ? elements : throw new InvalidRequestException($"the input {name}: `data` has {at} elements, its shape means {count}");
    }

    private static OutputNotFiniteException NotFinite<T>(string name, ReadOnlySpan<T> values)
        where T : System.Numerics.INumberBase<T>
    {
        var at = 0;
        while (T.IsFinite(values[at]))
            at++;
        return new OutputNotFiniteException($"the output {name} is {(T.IsNaN(values[at]) ? "NaN" : "infinite")} at index {at}, which JSON cannot carry");
    }
}
