namespace Ci.EdgeAgent.States;

/// <summary>Where one model's update stands; see <see cref="TransitionTable"/>.</summary>
internal enum AgentState
{
    Idle,
    Resolve,
    Plan,
    Fetch,
    Verify,
    Load,
    Gate,
    Shadow,
    Canary,
    Commit,
    Soak,
    RollingBack,
    Quarantined,
    Paused,
    SafeMode,
    Killed,
}
