namespace Ci.Onnx;

/// <summary>A well-formed model that reaches further, or costs more, than a model may.</summary>
/// <param name="external">It is about external data.</param>
/// <param name="message">What, where.</param>
public sealed class UnsafeModelException(bool external, string message) : OnnxException(message)
{
    /// <summary>Its external data is the reason.</summary>
    public bool IsExternalData { get; } = external;
}
