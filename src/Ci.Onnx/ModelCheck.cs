using System.Globalization;
using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>The rules that a parsed model must meet before ONNX Runtime may see it.</summary>
internal static class ModelCheck
{
    /// <summary>Applies every rule.</summary>
    /// <returns>The external files that it names, relative to its folder, in order of appearance.</returns>
    /// <exception cref="OnnxModelException">A rule is broken.</exception>
    public static IReadOnlyList<string> Check(ModelProto model, string name, string? folder)
    {
        var external = new List<string>();
        CheckButExternal(model, name, tensor => external.Add(CheckExternal(tensor, name, folder)));
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
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
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

    private static string CheckExternal(TensorProto tensor, string name, string? folder)
    {
        var entries = tensor.ExternalData;
        var location = entries.FirstOrDefault(e => e.Key == "location")?.Value;
        if (string.IsNullOrEmpty(location))
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' has external data without a location");
        if (folder is null)
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' lies in the external file '{location}', but a model in memory has no folder; load it from its file");
        var path = Contained(location, folder)
            ?? throw new OnnxModelException($"{name}: the external data '{location}' of tensor '{tensor.Name}' is not inside the model's folder; refused");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new OnnxModelException($"{name}: its external data {path} does not exist; fetch it too");
        var offset = Number(entries.FirstOrDefault(e => e.Key == "offset")?.Value, 0, tensor, name);
        var length = Number(entries.FirstOrDefault(e => e.Key == "length")?.Value, Math.Max(0, file.Length - offset), tensor, name);
        if ((Int128)offset + length > file.Length)
            throw new OnnxModelException($"{name}: its external data {path} has {file.Length} bytes, but tensor '{tensor.Name}' needs {offset} + {length}; fetch it again");
        return location;
    }

    private static long Number(string? text, long missing, TensorProto tensor, string name)
    {
        if (text is null)
            return missing;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OnnxModelException($"{name}: the external data of tensor '{tensor.Name}' has an offset or length that is no number");
    }

    /// <summary>The file's full path with every link followed; null where it lies outside the folder.</summary>
    private static string? Contained(string location, string folder)
    {
        if (Path.IsPathRooted(location) || location.Contains('\\', StringComparison.Ordinal) || location.Contains('\0', StringComparison.Ordinal)
            || location.Split('/').Any(part => part is ".." or "." or ""))
        {
            return null;
        }

        // A link anywhere below the folder may lead out of it again, so each step is looked at.
        var path = folder;
        foreach (var part in location.Split('/'))
        {
            path = Path.Combine(path, part);
            var entry = new FileInfo(path);
            if (entry.LinkTarget is not null || new DirectoryInfo(path).LinkTarget is not null)
                return null;
        }

        return path;
    }
}
