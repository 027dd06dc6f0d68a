using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>A <see cref="TensorInfo"/> on its way between processes.</summary>
internal sealed record ChildTensor(string Name, OnnxElementType Type, long[] Shape, OnnxValueKind Kind, string[] Symbols)
{
    public static ChildTensor Of(TensorInfo tensor) => new(tensor.Name, tensor.ElementType, tensor.Shape, tensor.Kind, tensor.SymbolicDimensions);

    public TensorInfo ToInfo() => new(Name, Type, Shape, Kind, Symbols);
}
