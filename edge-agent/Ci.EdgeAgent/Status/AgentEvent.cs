namespace Ci.EdgeAgent.Status;

/// <summary>
/// Something that happened, in words; it goes to the log, the status and the telemetry alike. Its kind is one of
/// Ci.Releases.TelemetryEventKind: swap, refusal, rollback, state.
/// </summary>
internal sealed record AgentEvent(DateTimeOffset At, string Kind, string Message, string? Code = null, string? Release = null, string? Version = null);
