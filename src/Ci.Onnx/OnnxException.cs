namespace Ci.Onnx;

/// <summary>The family of this room's errors. The message says what, where, and how to fix it. All are terminal: the same call with the same
/// input fails again.</summary>
public class OnnxException(string message, Exception? inner = null) : Exception(message, inner);
