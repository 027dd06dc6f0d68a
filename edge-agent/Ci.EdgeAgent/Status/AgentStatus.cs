namespace Ci.EdgeAgent.Status;

/// <summary>The document at <c>/status</c>.</summary>
internal sealed record AgentStatus
{
    public const string SchemaName = "mlops.agent-status/v1";

    public string Schema { get; init; } = SchemaName;

    public required string Device { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    public required string OnnxRuntime { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<ModelStatus> Models { get; init; }

    /// <summary>Where models run: <c>in-process</c>, or <c>child</c>.</summary>
    public string Isolation { get; init; } = "in-process";

    public long ResidentBytes { get; init; }

    /// <summary>Bytes written to the disk in the counted day, what is promised to an update included; null where there is no flash budget.</summary>
    public long? WrittenToday { get; init; }

    /// <summary>The same in the life of the data folder.</summary>
    public long? WrittenTotal { get; init; }

    /// <summary>Telemetry batches on disk that are not in the mailbox yet.</summary>
    public int TelemetryQueued { get; init; }

    public long TelemetryDropped { get; init; }

    public string? TelemetryError { get; init; }
}
