using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>The model ran longer than it may for one request. It counts against the model: who answers too late has not answered.</summary>
internal sealed class RunCutShortException(string message, Exception? inner = null) : OnnxException(message, inner);
