namespace Ci.Releases;

/// <summary>One channel file of a mirror: its path and the SHA-256 of its bytes.</summary>
public sealed record MirrorEntry
{
    public required string Path { get; init; }

    public required Sha256Digest Sha256 { get; init; }
}
