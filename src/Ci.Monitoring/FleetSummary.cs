using System.Text.Json.Nodes;
using System.Text.Json;

namespace Ci.Monitoring;

/// <summary>A fleet in one environment, summed up from its telemetry.</summary>
public sealed record FleetSummary
{
    public string Schema { get; init; } = "mlops.monitor/v1";

    public required string Environment { get; init; }

    public required int Batches { get; init; }

    public required IReadOnlyList<ReleaseSummary> Releases { get; init; }

    public required IReadOnlyList<DeviceSummary> Devices { get; init; }

    public required IReadOnlyList<RefusalSummary> Refusals { get; init; }

    /// <summary>Most drifted first; empty without a reference.</summary>
    public required IReadOnlyList<DriftSummary> Drift { get; init; }

    public required IReadOnlyList<RetrainingDecision> Decisions { get; init; }

    /// <summary>Blobs that were skipped.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, MonitoringJson.Default.FleetSummary)!;
}
