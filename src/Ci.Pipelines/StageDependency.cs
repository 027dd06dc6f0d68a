namespace Ci.Pipelines;

/// <summary>What a stage reads.</summary>
/// <param name="Path">As written, relative to the stage's working directory.</param>
/// <param name="FullPath">Absolute.</param>
public sealed record StageDependency(string Path, string FullPath);
