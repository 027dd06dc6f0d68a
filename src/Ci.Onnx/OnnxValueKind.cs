namespace Ci.Onnx;

/// <summary>What a model's input or output is; the numbers are ONNX Runtime's own.</summary>
public enum OnnxValueKind
{
    Unknown,
    Tensor,
    Sequence,
    Map,
    Opaque,
    SparseTensor,
    Optional,
}
