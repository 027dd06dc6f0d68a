namespace Ci.EdgeAgent.Status;

/// <summary>A release as the status tells it; the model file's digest is what a person compares.</summary>
internal sealed record ReleaseStatus(string Release, string? Version, long Sequence, string? ModelSha256);
