using Ci.Data;

namespace Ci.Pipelines;

/// <summary>A file or folder as a lock remembers it.</summary>
/// <param name="Path">As written, relative to the stage's working directory.</param>
/// <param name="Digest">What it was.</param>
public sealed record LockedFile(string Path, Digest Digest);
