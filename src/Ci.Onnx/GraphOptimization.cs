namespace Ci.Onnx;

/// <summary>How much ONNX Runtime rewrites a graph before running it; the numbers are its own.</summary>
public enum GraphOptimization
{
    None = 0,
    Basic = 1,
    Extended = 2,
    All = 99,
}
