namespace Ci.Pipelines.Upstream;

/// <summary>One line of a listing.</summary>
/// <param name="Path">Below the folder that was asked for; empty when it is that itself.</param>
/// <param name="Blob">Git's id of its bytes; null when they are data.</param>
/// <param name="Md5">The digest of data.</param>
/// <param name="IsOutput">It is data, not a file of Git's.</param>
/// <param name="IsFolder">It is a folder (of data).</param>
/// <param name="IsExecutable">Its owner may run it.</param>
/// <param name="Size">Bytes, where they are recorded.</param>
public sealed record UpstreamEntry(string Path, string? Blob, string? Md5, bool IsOutput, bool IsFolder, bool IsExecutable, long? Size);
