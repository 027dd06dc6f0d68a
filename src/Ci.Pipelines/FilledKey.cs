namespace Ci.Pipelines;

/// <summary>A parameter that was filled in from a file.</summary>
/// <param name="FullPath">The file, absolute.</param>
/// <param name="Key">Nested keys are parted by dots.</param>
internal sealed record FilledKey(string FullPath, string Key);
