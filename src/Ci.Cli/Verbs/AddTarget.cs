namespace Ci.Cli.Verbs;

/// <summary>Something to track.</summary>
/// <param name="Text">As people wrote it.</param>
/// <param name="Path">Absolute, no trailing separator.</param>
internal sealed record AddTarget(string Text, string Path);
