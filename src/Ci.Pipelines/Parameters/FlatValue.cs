namespace Ci.Pipelines.Parameters;

/// <summary>One value of a file.</summary>
/// <param name="Key">Nested keys are parted by dots.</param>
/// <param name="Value">A single value, or a list.</param>
public sealed record FlatValue(string Key, object? Value);
