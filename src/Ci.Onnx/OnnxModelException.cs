namespace Ci.Onnx;

/// <summary>A file that is no usable ONNX model: truncated, damaged, inconsistent, or reaching outside its folder.</summary>
public sealed class OnnxModelException(string message, Exception? inner = null) : OnnxException(message, inner);
