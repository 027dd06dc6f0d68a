namespace Ci.Releases;

/// <summary>One file of a release. In the blob store it lies under its digest, never under its path.</summary>
public sealed record Artifact
{
    /// <summary>Relative, '/'-separated, confined; see <see cref="Names.IsConfinedPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Size in bytes; a download is bounded by it.</summary>
    public required long Bytes { get; init; }

    public required Sha256Digest Sha256 { get; init; }

    /// <summary>One of <see cref="ArtifactRole"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Its pieces with their digests; null in releases without them, and where the file is but one piece.</summary>
    public ArtifactChunks? Chunks { get; init; }
}
