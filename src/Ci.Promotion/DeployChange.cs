namespace Ci.Promotion;

/// <summary>One commit to be: files by path (null deletes), and its message with trailers.</summary>
public sealed record DeployChange(IReadOnlyDictionary<string, byte[]?> Files, string Message);
