namespace Ci.Reporting;

/// <summary>
/// The release that a card is of, as <c>release.json</c> says it; whoever makes this has checked it. This room does not decide
/// what may be trusted: it shows what was found.
/// </summary>
public sealed record CardRelease
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 of the canonical document.</summary>
    public required string Id { get; init; }

    public required SignatureState State { get; init; }

    /// <summary>Why the signature was not verified; null where it was.</summary>
    public string? Reason { get; init; }

    /// <summary>SHA-256 of the public key that signed; null where that was not verified.</summary>
    public string? KeyFingerprint { get; init; }

    /// <summary>Files of the release by path: size, digest, and whether they were hashed again for this card.</summary>
    public IReadOnlyList<CardFile> Files { get; init; } = [];

    public required string Commit { get; init; }

    /// <summary>The working tree had changes that the commit does not hold.</summary>
    public bool Dirty { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? PipelineLockSha256 { get; init; }

    public IReadOnlyDictionary<string, string> DataSha256 { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Seeds { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? RunnerImage { get; init; }

    public string? Hardware { get; init; }

    public string? LeastRuntime { get; init; }

    /// <summary>Device limits in words, by name.</summary>
    public IReadOnlyList<(string Name, string Limit)> Limits { get; init; } = [];

    internal int HashedFiles => this.Files.Count(file => file.Hashed);
}
