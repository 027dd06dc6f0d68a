using Ci.Releases;

namespace Ci.Monitoring;

/// <summary>What one device serves, by its own last word.</summary>
public sealed record DeviceSummary
{
    public required string Device { get; init; }

    public required string Model { get; init; }

    /// <summary>Null while it serves nothing.</summary>
    public Sha256Digest? Release { get; init; }

    public string? Version { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required long Requests { get; init; }

    /// <summary>Records that it had to drop since it started.</summary>
    public required long DroppedRecords { get; init; }
}
