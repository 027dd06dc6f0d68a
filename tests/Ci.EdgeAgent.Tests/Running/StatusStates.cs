using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Releases;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>One model in each state in which somebody may look at it, with the words that the agent itself uses.</summary>
internal static class StatusStates
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Old = new string('a', 60) + "3f0c";
    private static readonly string Next = "91d2" + new string('b', 60);

    public static AgentStatus All() => new()
    {
        Device = "substation-17", Environment = "production", Version = "1.0.0", OnnxRuntime = "1.30.0", StartedAt = Now.AddDays(-19), Now = Now, ResidentBytes = 71L << 20, Isolation = "child",
        Models =
        [
            Model("idle", AgentState.Idle, null) with { InSync = true, Desired = Wanted(Old, "4.2.0"), LastKnownGood = Old },
            Model("updating", AgentState.Fetch, "the update is under way: fetching 5.0.0"),
            Model("in-the-shadow", AgentState.Shadow, "shadow: 5.0.0 was asked 41 of at least 200 sampled inputs, for 62 of at least 300 s"),
            Model("canary", AgentState.Canary, "canary: 5.0.0 takes 10.0 % of the requests; 210 of at least 500 requests"),
            Model("soaking", AgentState.Soak, "it serves, and is still being watched") with { Installed = Wanted(Next, "5.0.0"), Serving = Serving(Next, "5.0.0") },
            Model("rolled-back", AgentState.Quarantined, "soak-breach: 31 of 200 requests failed") with
            {
                Refusals = [new QuarantineEntry(Next, "5.0.0", Old, 32, "soak-breach", "31 of 200 requests failed", Now.AddMinutes(-4))],
                Events = [new AgentEvent(Now.AddMinutes(-4), TelemetryEventKind.Rollback, "went back to 4.2.0, the last known good", null, Old, "4.2.0")],
            },
            Model("paused", AgentState.Paused, "updates are paused; `edge-agent resume` ends it"),
            Model("killed", AgentState.Killed, "the model is stopped by an operator or by its channel; it serves again when that ends") with { Serving = null },
            Model("safe-mode", AgentState.SafeMode, "record 40 of /var/lib/edge-agent/models/safe-mode/journal is damaged; `edge-agent resume safe-mode` sets it aside") with { Desired = null },
            Model("first-start", AgentState.Idle, "git ls-remote failed (exit code 128): fatal: unable to access 'https://forge.example.org/deploy.git/': Could not resolve host: forge.example.org") with
            {
                Serving = null, Installed = null, Desired = null, LastKnownGood = null, SourceSeen = null,
                Events = [], SourceError = "git ls-remote failed (exit code 128): fatal: unable to access 'https://forge.example.org/deploy.git/': Could not resolve host: forge.example.org",
            },
        ],
    };

    private static ModelStatus Model(string name, AgentState state, string? whyNot) => new()
    {
        Name = name, State = state, StateInWords = StatusWords.Of(state, "5.0.0"), WhyNot = whyNot, Desired = Wanted(Next, "5.0.0"), Installed = Wanted(Old, "4.2.0"), Serving = Serving(Old, "4.2.0"),
        LastKnownGood = Old, SequenceFloor = 31, SourceSeen = Now.AddSeconds(-41),
        Events = [new AgentEvent(Now.AddDays(-6), TelemetryEventKind.Swap, "serving 4.2.0 from now on", null, Old, "4.2.0")],
    };

    private static ReleaseStatus Wanted(string release, string version) => new(release, version, 32, release);

    private static ServingStatus Serving(string release, string version) => new()
    {
        Release = release, Version = version, ModelSha256 = Next, Since = Now.AddDays(-6), Provider = "CPU", Requests = 1_284_301, Errors = 2, P50Ms = 0.412, P95Ms = 0.981,
        Proof = new GateProof(Now.AddDays(-6), 8, 1.9e-6, 0.71, 9L << 20),
    };
}
