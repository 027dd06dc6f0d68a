namespace Ci.EdgeAgent.Status;

/// <summary>What answers requests now.</summary>
internal sealed record ServingStatus
{
    public required string Release { get; init; }

    public required string Version { get; init; }

    public required string ModelSha256 { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Provider { get; init; }

    public string? ProviderFallback { get; init; }

    public long Requests { get; init; }

    public long Errors { get; init; }

    public double? P50Ms { get; init; }

    public double? P95Ms { get; init; }

    public GateProof? Proof { get; init; }
}
