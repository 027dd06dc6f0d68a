namespace Ci.Onnx;

/// <summary>The severity of a line of ONNX Runtime's log; the numbers are its own.</summary>
public enum OnnxLogLevel
{
    Verbose,
    Info,
    Warning,
    Error,
    Fatal,
}
