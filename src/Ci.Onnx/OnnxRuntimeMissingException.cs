namespace Ci.Onnx;

/// <summary>No usable ONNX Runtime library was found; the message lists every place that was tried.</summary>
public sealed class OnnxRuntimeMissingException(string message, IReadOnlyList<string> tried, Exception? inner = null)
    : OnnxException(message, inner)
{
    /// <summary>The paths that were tried, in order.</summary>
    public IReadOnlyList<string> Tried { get; } = tried;
}
