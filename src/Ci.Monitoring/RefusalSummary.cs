using Ci.Releases;

namespace Ci.Monitoring;

/// <summary>Devices refused a release, and why.</summary>
public sealed record RefusalSummary
{
    public required string Model { get; init; }

    public Sha256Digest? Release { get; init; }

    public string? Version { get; init; }

    /// <summary>The wire string of a refusal code.</summary>
    public required string Code { get; init; }

    /// <summary>The code in words; the code itself where it is not known here.</summary>
    public required string Words { get; init; }

    /// <summary>The latest message of a device.</summary>
    public required string Message { get; init; }

    public required IReadOnlyList<string> Devices { get; init; }

    public required DateTimeOffset LastAt { get; init; }
}
