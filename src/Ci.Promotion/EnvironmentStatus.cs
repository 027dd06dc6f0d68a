using Ci.Releases;

namespace Ci.Promotion;

/// <summary>One environment and model at one moment.</summary>
public sealed record EnvironmentStatus
{
    public required string Environment { get; init; }

    public required string Model { get; init; }

    /// <summary>Null while nothing is live.</summary>
    public Sha256Digest? Release { get; init; }

    public string? Version { get; init; }

    public long? Sequence { get; init; }

    public bool Hold { get; init; }

    public string? HoldReason { get; init; }

    /// <summary>In words: why it is frozen; null when it is not.</summary>
    public string? Frozen { get; init; }

    /// <summary>A promotion was merged and is not applied yet.</summary>
    public bool Pending { get; init; }

    /// <summary>What the environment before it runs, where that is another release: it may be promoted. Null where nothing is ahead.</summary>
    public Sha256Digest? AheadRelease { get; init; }

    public string? AheadVersion { get; init; }

    /// <summary>The environment before it; null for the first.</summary>
    public string? Upstream { get; init; }

    /// <summary>When and by whom it was last moved, by the audit log.</summary>
    public DateTimeOffset? At { get; init; }

    public string? By { get; init; }

    /// <summary>Why the audit log cannot say when and by whom; null when it can.</summary>
    public string? AuditProblem { get; init; }
}
