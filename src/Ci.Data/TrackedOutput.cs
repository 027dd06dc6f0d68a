namespace Ci.Data;

/// <summary>One thing that the cache and the remotes keep.</summary>
/// <param name="Path">Where it belongs in the workspace, absolute.</param>
/// <param name="Digest">What it is.</param>
/// <param name="Remote">The remote that keeps it; null: the default one.</param>
/// <param name="Push">Whether it goes to a remote at all.</param>
public sealed record TrackedOutput(string Path, Digest Digest, string? Remote = null, bool Push = true);
