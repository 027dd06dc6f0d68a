using System.Globalization;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Status;

/// <summary>The status in words: what a person reads first.</summary>
internal static class StatusWords
{
    public static ModelStatus Apply(ModelStatus status, CurrentPointer pointer, string? damage)
    {
        // Looking at the channel, for minutes on a slow line, changes nothing of what serves: the metric must not fall to 0 at every poll.
        var inSync = status.State is AgentState.Idle or AgentState.Resolve && status.Desired is { } desired && pointer.Current == desired.Release
            && pointer.LastKnownGood == desired.Release && status.Serving?.Release == desired.Release;
        return status with
        {
            StateInWords = Of(status.State, VersionOf(status)),
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
        AgentState.Paused => "updates are paused by an operator",
        AgentState.SafeMode => "safe mode: serving the last known good, changing nothing",
        _ => state.ToString(),
    };

    /// <summary>One model in one line.</summary>
    public static string Headline(ModelStatus model) => model switch
    {
        { Serving: null, State: AgentState.Killed } => "stopped",
        { Serving: null } => "nothing serves",
        { InSync: true } => $"serving {model.Serving.Version}, in sync",
        { Desired: { } desired } when desired.Release != model.Serving.Release => $"serving {model.Serving.Version}; {desired.Version ?? desired.Release[..12]} is wanted",
        _ => $"serving {model.Serving.Version}, not in sync yet",
    };

    /// <summary>What was measured before it was let to serve.</summary>
    public static string Proof(ServingStatus serving) => serving.Proof is { } proof
        ? string.Create(CultureInfo.InvariantCulture, $"{proof.Outputs} golden {(proof.Outputs == 1 ? "output" : "outputs")} reproduced here, largest difference {proof.LargestDifference:G2}, p95 {proof.P95Ms:G3} ms, {proof.MemoryBytes / 1048576.0:F0} MB")
        : "proven before; signature, digests and golden set held again when it was loaded";

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalMinutes: < 90 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} days",
    };

    private static string WhyNot(ModelStatus status, string? damage) => status.State switch
    {
        AgentState.SafeMode => damage ?? "the device's own records are damaged",
        AgentState.Killed => "the model is stopped by an operator or by its channel; it serves again when that ends",
        AgentState.Paused => "updates are paused; `edge-agent resume` ends it",
        AgentState.Quarantined when status.Refusals.Count > 0 => status.Refusals[^1] is var last ? $"{last.Code}: {last.Reason}" : "",
        AgentState.Soak => "it serves, and is still being watched",
        // A refusal outlasts a source that is out of reach: it is still the reason.
        AgentState.Idle when RefusalOfDesired(status) is { } refusal => $"{refusal.Code}: {refusal.Reason}",
        AgentState.Idle when status.WaitsFor is { } waits => waits,
        AgentState.Idle when status.SourceError is { } error => error,
        AgentState.Idle when status.Desired is null => "the channel has asked for nothing yet",
        AgentState.Resolve when status.WhyNot is { } before => before,
        AgentState.Shadow or AgentState.Canary when status.WaitsFor is { } evidence => evidence,
        _ => $"the update is under way: {Of(status.State, VersionOf(status))}",
    };

    // What is watched is what serves: after a restart the channel may not have answered yet.
    private static string VersionOf(ModelStatus status) =>
        (status.State == AgentState.Soak ? status.Serving?.Version : status.Desired?.Version) ?? "the release";

    private static QuarantineEntry? RefusalOfDesired(ModelStatus status) => status.Desired is { } desired
        ? status.Refusals.LastOrDefault(refusal => refusal.Release == desired.Release && refusal.Sequence == desired.Sequence)
        : null;
}
