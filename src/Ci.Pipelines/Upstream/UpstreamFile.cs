namespace Ci.Pipelines.Upstream;

/// <summary>One file of another repository that is to be taken.</summary>
/// <param name="Path">Below what was asked for; empty when it is that itself.</param>
/// <param name="Blob">Git's id of its bytes; null when they are data.</param>
/// <param name="Md5">Its digest, when its bytes are data.</param>
/// <param name="IsExecutable">Its owner may run it.</param>
public sealed record UpstreamFile(string Path, string? Blob, string? Md5, bool IsExecutable);
