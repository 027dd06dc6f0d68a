using Ci.Onnx;

namespace Ci.Edge;

/// <summary>What a model answered, and which release it was.</summary>
/// <param name="Release">The release's id.</param>
/// <param name="Version">The release's version.</param>
/// <param name="Outputs">One value for each declared output, in that order; they are the caller's.</param>
public sealed record EdgeAnswer(string Release, string Version, IReadOnlyList<OnnxValue> Outputs);
