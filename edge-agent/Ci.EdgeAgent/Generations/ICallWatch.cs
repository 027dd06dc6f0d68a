using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>Looks at the calls of a generation while Shadow or Canary needs evidence. Called on the request's own thread: be quick, never throw.</summary>
internal interface ICallWatch
{
    TimeProvider Time { get; }

    /// <summary>One call ended.</summary>
    /// <param name="by">Who ran.</param>
    /// <param name="inputs">Valid only during this call.</param>
    /// <param name="outputs">Valid only during this call; null where the model failed.</param>
    /// <param name="milliseconds">How long the model took, decoding and encoding not counted.</param>
    void Ran(Generation by, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue>? outputs, double milliseconds);
}
