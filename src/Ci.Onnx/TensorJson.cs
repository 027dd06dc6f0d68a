using System.Text.Json;

namespace Ci.Onnx;

/// <summary>Tensors as the Open Inference Protocol v2 writes them in JSON: <c>{"name", "datatype", "shape", "data"}</c>. BF16 is not part of the JSON form.</summary>
public static class TensorJson
{
    private const int MaxRank = 32;

    /// <summary>Reads one tensor; <c>data</c> may be flat or nested, as the protocol allows.</summary>
    /// <exception cref="OnnxException">A member is missing or wrong, a number does not fit its type, or the counts do not agree.</exception>
    public static OnnxValue Read(JsonElement tensor)
    {
        if (tensor.ValueKind != JsonValueKind.Object)
            throw new OnnxException("a tensor must be a JSON object with name, datatype, shape and data");
        var name = tensor.TryGetProperty("name", out var n) && n.ValueKind == JsonValueKind.String
            ? n.GetString()! : throw new OnnxException("a tensor has no text member 'name'");
        var datatype = tensor.TryGetProperty("datatype", out var d) && d.ValueKind == JsonValueKind.String ? d.GetString()! : "";
        var type = ElementTypes.FromDatatype(datatype) is { } known && known != OnnxElementType.BFloat16
            ? known : throw new OnnxException($"tensor '{name}': datatype '{datatype}' is none of BOOL, UINT8 to UINT64, INT8 to INT64, FP16, FP32, FP64, BYTES");
        var shape = ReadShape(tensor, name);
        if (!tensor.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            throw new OnnxException($"tensor '{name}' has no array 'data'");
        var cells = new List<JsonElement>();
        Flatten(data, cells, 0, name);
        var values = ElementTypes.NewArray(type, cells.Count);
        try
        {
            for (var i = 0; i < cells.Count; i++)
                Set(values, i, cells[i], type);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw new OnnxException($"tensor '{name}': a cell of 'data' is no {datatype}", error);
        }

        return OnnxValue.Tensor(name, type, values, shape);
    }

    /// <summary>Writes one tensor with flat data. JSON has no NaN or infinity: they are written as null.</summary>
    /// <exception cref="OnnxException">It is a sequence or map, or BF16.</exception>
    public static void Write(Utf8JsonWriter writer, OnnxValue value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Kind != OnnxValueKind.Tensor || value.Type == OnnxElementType.BFloat16)
            throw new OnnxException($"'{value.Name}' is a {value.Kind} of {value.Type}, which the Open Inference Protocol cannot carry in JSON; end the model in a dense tensor");
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        writer.WriteString("datatype", value.Type.ToDatatype());
        writer.WriteStartArray("shape");
        foreach (var dimension in value.Shape)
            writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WriteStartArray("data");
        WriteCells(writer, value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static long[] ReadShape(JsonElement tensor, string name)
    {
        if (!tensor.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() > MaxRank)
            throw new OnnxException($"tensor '{name}' has no array 'shape' of at most {MaxRank} numbers");
        return [.. shape.EnumerateArray().Select(s => s.ValueKind == JsonValueKind.Number && s.TryGetInt64(out var size)
            ? size : throw new OnnxException($"tensor '{name}': 'shape' holds something that is no whole number"))];
    }

    private static void Flatten(JsonElement data, List<JsonElement> cells, int depth, string name)
    {
        if (depth > MaxRank)
            throw new OnnxException($"tensor '{name}': 'data' is nested deeper than {MaxRank}");
        foreach (var item in data.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
                Flatten(item, cells, depth + 1, name);
            else
                cells.Add(item);
        }
    }

    private static void Set(Array values, int i, JsonElement cell, OnnxElementType type)
    {
        switch (type)
        {
            case OnnxElementType.Float: ((float[])values)[i] = cell.GetSingle(); break;
            case OnnxElementType.Double: ((double[])values)[i] = cell.GetDouble(); break;
            case OnnxElementType.Float16: ((Half[])values)[i] = (Half)cell.GetSingle(); break;
            case OnnxElementType.Int8: ((sbyte[])values)[i] = cell.GetSByte(); break;
            case OnnxElementType.Int16: ((short[])values)[i] = cell.GetInt16(); break;
            case OnnxElementType.Int32: ((int[])values)[i] = cell.GetInt32(); break;
            case OnnxElementType.Int64: ((long[])values)[i] = cell.GetInt64(); break;
            case OnnxElementType.UInt8: ((byte[])values)[i] = cell.GetByte(); break;
            case OnnxElementType.UInt16: ((ushort[])values)[i] = cell.GetUInt16(); break;
            case OnnxElementType.UInt32: ((uint[])values)[i] = cell.GetUInt32(); break;
            case OnnxElementType.UInt64: ((ulong[])values)[i] = cell.GetUInt64(); break;
            case OnnxElementType.Bool: ((bool[])values)[i] = cell.GetBoolean(); break;
            default: ((string[])values)[i] = cell.GetString() ?? throw new FormatException(); break;
        }
    }

    private static void WriteCells(Utf8JsonWriter writer, OnnxValue value)
    {
        for (var i = 0; i < value.Count; i++)
        {
            switch (value.Data)
            {
                case string[] s: writer.WriteStringValue(s[i]); break;
                case bool[] b: writer.WriteBooleanValue(b[i]); break;
                case float[] f when float.IsFinite(f[i]): writer.WriteNumberValue(f[i]); break;
                case double[] f when double.IsFinite(f[i]): writer.WriteNumberValue(f[i]); break;
                case Half[] f when Half.IsFinite(f[i]): writer.WriteNumberValue((float)f[i]); break;
                case long[] when value.Type == OnnxElementType.Int64: writer.WriteNumberValue(value.As<long>()[i]); break;
                case ulong[] when value.Type == OnnxElementType.UInt64: writer.WriteNumberValue(value.As<ulong>()[i]); break;
                case float[] or double[] or Half[]: writer.WriteNullValue(); break;
                default: writer.WriteNumberValue(Small(value, i)); break;
            }
        }
    }

    // Casts between signed and unsigned arrays succeed at run time, so the declared type decides.
    private static long Small(OnnxValue value, int i) => value.Type switch
    {
        OnnxElementType.Int8 => value.As<sbyte>()[i],
        OnnxElementType.Int16 => value.As<short>()[i],
        OnnxElementType.Int32 => value.As<int>()[i],
        OnnxElementType.UInt8 => value.As<byte>()[i],
        OnnxElementType.UInt16 => value.As<ushort>()[i],
        _ => value.As<uint>()[i],
    };
}
