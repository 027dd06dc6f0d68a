using Ci.Releases;

namespace Ci.Monitoring;

/// <summary>How one release did on all devices together.</summary>
public sealed record ReleaseSummary
{
    public required string Model { get; init; }

    public required Sha256Digest Release { get; init; }

    public string? Version { get; init; }

    public required int Devices { get; init; }

    public required long Requests { get; init; }

    public required long Errors { get; init; }

    /// <summary>Errors per request, from 0 to 1; 0 where there was no request.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)Errors / Requests;

    public LatencySummary? LatencyMs { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }
}
