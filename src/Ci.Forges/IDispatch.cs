using System.Text.Json.Nodes;

namespace Ci.Forges;

/// <summary>Starting other workflows.</summary>
public interface IDispatch
{
    /// <summary>Sends a repository event (GitHub: <c>repository_dispatch</c>) with a payload of at most ten top-level properties.</summary>
    Task SendAsync(string eventType, JsonObject payload, CancellationToken ct = default);

    /// <summary>Runs a finished workflow run again, whole or only its failed jobs.</summary>
    Task RerunAsync(long runId, bool failedOnly = false, CancellationToken ct = default);
}
