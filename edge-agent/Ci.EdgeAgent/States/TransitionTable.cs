using static Ci.EdgeAgent.States.AgentState;
using static Ci.EdgeAgent.States.StepOutcome;

namespace Ci.EdgeAgent.States;

/// <summary>
/// Every transition there is; docs/protocol/agent.md shows the same table and a test holds the two together. Looking at an unchanged
/// channel is not journaled: it does nothing that a power cut could leave half done, and flash wears out.
/// </summary>
internal static class TransitionTable
{
    public static readonly IReadOnlyList<Transition> All =
    [
        new(Idle, Poll, Resolve, false, "time to look at the channel"),
        new(Idle, PauseAsked, Paused, true, "an operator paused updates"),
        new(Idle, KillAsked, Killed, true, "an operator or the channel stopped the model"),
        new(Idle, RollBackAsked, RollingBack, true, "an operator asked for the release before"),
        new(Idle, Unproven, Soak, true, "what serves was not watched to the end: a disk that refused kept it from being given up"),
        new(Resolve, NothingNew, Idle, false, "the channel asks for what is serving"),
        new(Resolve, Held, Idle, false, "the roll-out has not come to this device yet"),
        new(Resolve, KillAsked, Killed, true, "the channel stopped the model"),
        new(Resolve, Unavailable, Idle, false, "the source did not answer; the current generation serves on"),
        new(Resolve, Refused, Quarantined, true, "the channel entry broke a rule, or is quarantined already"),
        new(Resolve, Done, Plan, true, "the channel asks for another release"),
        new(Plan, Unavailable, Idle, true, "too little disk for now"),
        new(Plan, Refused, Quarantined, true, "signature, release document or limits broke a rule"),
        new(Plan, Done, Fetch, true, "signed names, digests and sizes are known"),
        new(Fetch, Unavailable, Idle, true, "network or disk failed; what was fetched is kept and continued"),
        new(Fetch, Refused, Quarantined, true, "a fetched artifact is not the signed one"),
        new(Fetch, Done, Verify, true, "every artifact is in the object store"),
        new(Verify, Unavailable, Idle, true, "the disk failed while reading back"),
        new(Verify, Refused, Quarantined, true, "what lies on disk is not what was signed"),
        new(Verify, Done, Load, true, "signature, digests, sizes and versions hold"),
        new(Load, Unavailable, Idle, true, "too little memory for now, or the disk failed while the model was read"),
        new(Load, Refused, Quarantined, true, "the model does not load here; the current generation was never touched"),
        new(Load, Done, Gate, true, "the candidate is loaded"),
        new(Gate, Unavailable, Idle, true, "the disk failed while the golden set was read"),
        new(Gate, Refused, Quarantined, true, "the golden set, latency or memory failed; the candidate is dropped"),
        new(Gate, Done, Shadow, true, "the candidate reproduces its golden set within its limits"),
        new(Shadow, Refused, Quarantined, true, "the shadow failed, disagreed, or gathered too little evidence in its time"),
        new(Shadow, Superseded, Idle, true, "the channel asks for something else by now, or an operator does"),
        new(Shadow, Done, Canary, true, "enough sampled inputs were answered well, or no shadow is configured"),
        new(Canary, Refused, Quarantined, true, "the canary misbehaved, or gathered too little evidence in its time; the incumbent takes all requests"),
        new(Canary, Superseded, Idle, true, "the channel asks for something else by now, or an operator does"),
        new(Canary, Done, Commit, true, "every step had enough evidence and none against it, or no canary is configured"),
        new(Commit, Unavailable, Idle, true, "the pointer could not be written; the current generation serves on"),
        new(Commit, Done, Soak, true, "the pointer is on disk and the new generation serves"),
        new(Soak, Done, Idle, true, "it served without a breach: it is the last known good, and in sync"),
        new(Soak, Breached, RollingBack, true, "errors, latency or repeated crashes"),
        new(Soak, KillAsked, Killed, true, "an operator or the channel stopped the model"),
        new(Soak, Superseded, Resolve, false, "the channel asks for another release by now: what serves stays unproven, and the last known good what it was"),
        new(RollingBack, Done, Quarantined, true, "the last known good serves again"),
        new(Quarantined, Poll, Resolve, false, "time to see whether the channel changed"),
        new(Quarantined, PauseAsked, Paused, true, "an operator paused updates"),
        new(Quarantined, KillAsked, Killed, true, "an operator or the channel stopped the model"),
        new(Quarantined, RollBackAsked, RollingBack, true, "an operator asked for the release before"),
        new(Quarantined, Unproven, Soak, true, "what serves was not watched to the end: a disk that refused kept it from being given up"),
        new(Paused, ResumeAsked, Idle, true, "an operator ended the pause"),
        new(Paused, KillAsked, Killed, true, "an operator or the channel stopped the model"),
        new(Paused, RollBackAsked, RollingBack, true, "an operator asked for the release before"),
        new(Killed, ResumeAsked, Idle, true, "neither operator nor channel stops the model any more; the current release serves again"),
        new(Killed, Unproven, Soak, true, "the same, for a release that was still being watched"),
        new(SafeMode, ResumeAsked, Idle, true, "an operator set what is damaged aside, or the disk answers again"),
    ];

    private static readonly Dictionary<(AgentState, StepOutcome), Transition> ByCause = All.ToDictionary(t => (t.From, t.On));

    /// <summary>The one transition for this cause; a cause that the table does not know is a programming error.</summary>
    public static Transition Next(AgentState from, StepOutcome on) =>
        ByCause.TryGetValue((from, on), out var found)
            ? found
            : throw new InvalidOperationException($"no transition from {from} on {on}: add it to the table with its reason, or do not return it");

    /// <summary>States in which nothing is under way and the agent waits.</summary>
    public static bool IsResting(AgentState state) => state is Idle or Quarantined or Paused or SafeMode or Killed;

    /// <summary>
    /// Where an agent that was stopped in this state begins again. Work before Commit is repeated from the start (it is idempotent and its
    /// files are kept); Commit is decided by the pointer on disk; Soak and RollingBack are taken up again.
    /// </summary>
    public static AgentState AfterRestart(AgentState state, bool pointerNamesCandidate) => state switch
    {
        Commit => pointerNamesCandidate ? Soak : Idle,
        Soak or RollingBack or Quarantined or Paused or SafeMode or Killed => state,
        _ => Idle,
    };
}
