namespace Ci.EdgeAgent.Doctor;

/// <summary>A setting as it holds; secrets are masked.</summary>
internal sealed record ShownSetting(string Path, string? Value, string From, string Variable);
