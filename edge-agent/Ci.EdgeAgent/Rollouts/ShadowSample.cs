using Ci.Onnx;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>One live call, copied: inputs, what the incumbent answered, and how long it took.</summary>
internal sealed record ShadowSample(IReadOnlyList<OnnxValue> Inputs, IReadOnlyList<OnnxValue> Outputs);
