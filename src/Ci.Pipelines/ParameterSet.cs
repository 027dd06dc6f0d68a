namespace Ci.Pipelines;

/// <summary>Parameters that a stage depends on, all from one file.</summary>
/// <param name="Path">As written, relative to the stage's working folder.</param>
/// <param name="FullPath">Absolute.</param>
/// <param name="Keys">Dotted keys; none means the whole file.</param>
public sealed record ParameterSet(string Path, string FullPath, IReadOnlyList<string> Keys);
