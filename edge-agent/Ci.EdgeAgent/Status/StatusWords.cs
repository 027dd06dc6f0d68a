using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Status;

/// <summary>The status in words: what a person reads first.</summary>
internal static class StatusWords
{
    public static ModelStatus Apply(ModelStatus status, CurrentPointer pointer, string? damage)
    {
        var inSync = status.State == AgentState.Idle && status.Desired is { } desired && pointer.Current == desired.Release
            && pointer.LastKnownGood == desired.Release && status.Serving?.Release == desired.Release;
        return status with
        {
            StateInWords = Of(status.State, status.Desired?.Version),
            InSync = inSync,
            WhyNot = inSync ? null : WhyNot(status, damage),
        };
    }

    public static string Of(AgentState state, string? version) => state switch
    {
        AgentState.Idle => "waiting for the channel to change",
        AgentState.Resolve => "looking at the channel",
        AgentState.Plan => "checking the signature and the room on disk",
        AgentState.Fetch => $"fetching {version}",
        AgentState.Verify => $"verifying {version} on disk",
        AgentState.Load => $"loading {version}",
        AgentState.Gate => $"proving {version} with its golden set",
        AgentState.Shadow => $"asking {version} sampled inputs in the shadow of what serves",
        AgentState.Canary => $"giving {version} a share of the requests",
        AgentState.Killed => "stopped by an operator or the channel: nothing serves",
        AgentState.Commit => $"switching to {version}",
        AgentState.Soak => $"watching {version} serve",
        AgentState.RollingBack => "going back to the last known good",
        AgentState.Quarantined => "refused what the channel asks for; waiting for it to change",
        AgentState.Killed => "the model is stopped by an operator or by its channel; it serves again when that ends",
        AgentState.Paused => "updates are paused by an operator",
        AgentState.SafeMode => "safe mode: serving the last known good, changing nothing",
        _ => state.ToString(),
    };

    private static string WhyNot(ModelStatus status, string? damage) => status.State switch
    {
        AgentState.SafeMode => damage ?? "the device's own records are damaged",
        AgentState.Paused => "updates are paused; `edge-agent resume` ends it",
        AgentState.Quarantined when status.Refusals.Count > 0 => status.Refusals[^1] is var last ? $"{last.Code}: {last.Reason}" : "",
        AgentState.Soak => "it serves, and is still being watched",
        // A refusal outlasts a source that is out of reach: it is still the reason.
        AgentState.Idle when RefusalOfDesired(status) is { } refusal => $"{refusal.Code}: {refusal.Reason}",
        AgentState.Idle when status.SourceError is { } error => error,
        AgentState.Idle when status.Desired is null => "the channel has asked for nothing yet",
        _ => "the update is under way",
    };

    private static QuarantineEntry? RefusalOfDesired(ModelStatus status) => status.Desired is { } desired
        ? status.Refusals.LastOrDefault(refusal => refusal.Release == desired.Release && refusal.Sequence == desired.Sequence)
        : null;
}
