namespace Ci.Onnx;

/// <summary>What a loaded model says about itself; "" where it says nothing.</summary>
/// <param name="Producer">The tool that wrote it.</param>
/// <param name="GraphName">The name of its graph.</param>
/// <param name="Domain">The model's name space, often a reversed host name.</param>
/// <param name="Text">Free words.</param>
/// <param name="Version">The model's own version number; 0 where it has none.</param>
/// <param name="Custom">Its <c>metadata_props</c>.</param>
public sealed record ModelDescription(
    string Producer,
    string GraphName,
    string Domain,
    string Text,
    long Version,
    IReadOnlyDictionary<string, string> Custom);
