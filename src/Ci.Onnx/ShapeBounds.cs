using System.Buffers.Binary;
using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>Tensors that take no room in the file and all the more in memory: a shape that the model spells out and asks to be filled.</summary>
internal static class ShapeBounds
{
    public static void Check(ModelProto model, string name, ModelBounds bounds)
    {
        var shapes = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
        foreach (var tensor in ModelTensors.Graphs(model).SelectMany(g => g.Initializer))
            shapes[tensor.Name] = tensor;
        foreach (var node in ModelTensors.Nodes(model).Where(n => n.OpType == "Constant" && n.Output.Count == 1))
        {
            if (node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } value)
                shapes[node.Output[0]] = value;
            else if (node.Attribute.FirstOrDefault(a => a.Name == "value_ints") is { } list)
                shapes[node.Output[0]] = new TensorProto { DataType = (int)OnnxElementType.Int64, Dims = { list.Ints.Count }, Int64Data = { list.Ints } };
        }

        foreach (var node in ModelTensors.Nodes(model))
        {
            var index = node.OpType switch { "ConstantOfShape" => 0, "Expand" => 1, _ => -1 };
            if (index < 0 || node.Input.Count <= index || !shapes.TryGetValue(node.Input[index], out var shape) || shape.DataType != (int)OnnxElementType.Int64)
                continue;
            ModelInspection.CheckBytes(Product(Values(shape)), sizeof(float), node.Name.Length > 0 ? node.Name : node.OpType, name, bounds);
        }
    }

    private static IEnumerable<long> Values(TensorProto tensor)
    {
        if (!tensor.HasRawData)
            return tensor.Int64Data;
        var raw = tensor.RawData.ToByteArray();
        return Enumerable.Range(0, raw.Length / 8).Select(i => BinaryPrimitives.ReadInt64LittleEndian(raw.AsSpan(i * 8)));
    }

    private static long Product(IEnumerable<long> dimensions)
    {
        Int128 product = 1;
        foreach (var dimension in dimensions.Take(16))
            product = Int128.Min(product * Math.Max(0, dimension), long.MaxValue);
        return (long)product;
    }
}
