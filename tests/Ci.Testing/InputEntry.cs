namespace Ci.Testing;

/// <summary>One input or output as its file declares it.</summary>
public sealed record InputEntry(string Name, Dictionary<string, string> Fields);
