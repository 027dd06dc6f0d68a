using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>The rules that a parsed model must meet before ONNX Runtime may see it.</summary>
internal static class ModelCheck
{
    /// <summary>Applies every rule.</summary>
    /// <returns>The external files that it names, as it names them, in order of appearance.</returns>
    /// <exception cref="OnnxModelException">A rule is broken.</exception>
    public static IReadOnlyList<string> Check(ModelProto model, string name, ExternalFiles? files)
    {
        var external = new List<string>();
        CheckButExternal(model, name, tensor => external.Add(ExternalData.Check(tensor, name, files)));
        return [.. external.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Applies every rule but those of external data, which the caller judges tensor by tensor.</summary>
    public static void CheckButExternal(ModelProto model, string name, Action<TensorProto> external)
    {
        if (!model.HasIrVersion || model.IrVersion < 1)
            throw new OnnxModelException($"{name} is no ONNX model: it states no IR version");
        if (model.Graph is null)
            throw new OnnxModelException($"{name} is truncated or is no ONNX model: it has no graph");
        if (model.OpsetImport.Count == 0)
            throw new OnnxModelException($"{name} is truncated or is no ONNX model: it imports no operator set");
        if (model.Graph.Output.Count == 0)
            throw new OnnxModelException($"{name} is truncated or is no ONNX model: its graph has no output");
        foreach (var tensor in ModelTensors.All(model))
        {
            if (ExternalData.IsExternal(tensor))
                external(tensor);
            else
                CheckSize(tensor, name);
        }
    }

    /// <summary>The number of elements that the dimensions mean.</summary>
    /// <exception cref="OnnxModelException">A negative dimension, or a product beyond 64 bits.</exception>
    public static long ElementCount(TensorProto tensor, string name)
    {
        try
        {
            return tensor.Dims.Aggregate(1L, (count, d) => d >= 0 ? checked(count * d) : throw new OverflowException());
        }
        catch (OverflowException error)
        {
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' has the impossible shape [{string.Join(',', tensor.Dims)}]", error);
        }
    }

    private static void CheckSize(TensorProto tensor, string name)
    {
        var count = ElementCount(tensor, name);
        var type = (OnnxElementType)tensor.DataType;
        var size = type.SizeOf();

        // Types without a size here (4-bit numbers, complex ones) are ONNX Runtime's to check.
        if (size == 0 && type != OnnxElementType.String)
            return;
        var shape = string.Join(',', tensor.Dims);
        if (tensor.HasRawData && size > 0)
        {
            if (tensor.RawData.Length != (Int128)count * size)
                throw new OnnxModelException($"{name}: tensor '{tensor.Name}' of shape [{shape}] needs {(Int128)count * size} bytes, but has {tensor.RawData.Length}");
        }
        else if (Stored(tensor, type) != count)
        {
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' of shape [{shape}] needs {count} elements, but has {Stored(tensor, type)}");
        }
    }

    /// <summary>The elements in the field that the format assigns to the type.</summary>
    private static int Stored(TensorProto tensor, OnnxElementType type) => type switch
    {
        OnnxElementType.Float => tensor.FloatData.Count,
        OnnxElementType.Double => tensor.DoubleData.Count,
        OnnxElementType.Int64 => tensor.Int64Data.Count,
        OnnxElementType.UInt32 or OnnxElementType.UInt64 => tensor.Uint64Data.Count,
        OnnxElementType.String => tensor.StringData.Count,
        _ => tensor.Int32Data.Count,
    };
}
