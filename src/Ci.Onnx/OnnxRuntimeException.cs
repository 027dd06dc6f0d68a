namespace Ci.Onnx;

/// <summary>ONNX Runtime refused; the message ends in its own text.</summary>
public sealed class OnnxRuntimeException(string message, OnnxErrorCode code) : OnnxException(message)
{
    /// <summary>ONNX Runtime's own classification.</summary>
    public OnnxErrorCode Code { get; } = code;
}
