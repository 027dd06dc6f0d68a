namespace Ci.Onnx;

/// <summary>One declared input or output of a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">The type of its elements; <see cref="OnnxElementType.Undefined"/> unless it is a tensor.</param>
/// <param name="Shape">One number a dimension; -1 where it is dynamic. Empty for a scalar and for what is no tensor.</param>
/// <param name="Kind">Tensor, or one of the containers.</param>
/// <param name="SymbolicDimensions">The name of each dynamic dimension, "" where it has none; as long as <paramref name="Shape"/>.</param>
public sealed record TensorInfo(
    string Name,
    OnnxElementType ElementType,
    long[] Shape,
    OnnxValueKind Kind,
    string[] SymbolicDimensions)
{
    /// <summary>A tensor without named dimensions.</summary>
    public TensorInfo(string name, OnnxElementType elementType, long[] shape)
        : this(name, elementType, shape, OnnxValueKind.Tensor, [.. shape.Select(_ => "")])
    {
    }

    /// <summary>The element type's name in the Open Inference Protocol v2; null where that protocol has none.</summary>
    public string? Datatype => this.ElementType.ToDatatype();

    /// <summary>Written as <c>features: FP32 [-1,69]</c>.</summary>
    public override string ToString() => this.Kind == OnnxValueKind.Tensor
        ? $"{this.Name}: {this.Datatype ?? this.ElementType.ToString()} [{string.Join(',', this.Shape)}]"
        : $"{this.Name}: {this.Kind}";
}
