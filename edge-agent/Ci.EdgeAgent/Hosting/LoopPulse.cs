using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Whether one model's update loop still turns. Between looks it must wake when it said it would; within a look no state may last forever,
/// but those that wait for others (the network, live requests, a watch of days) have limits of their own and never count.
/// </summary>
internal sealed class LoopPulse(TimeProvider time, TimeSpan stuckAfter)
{
    private readonly Lock gate = new();
    private long beat = time.GetTimestamp();
    private TimeSpan rest;
    private AgentState state;
    private bool working;

    public void Works()
    {
        lock (gate)
            (beat, rest, working) = (time.GetTimestamp(), TimeSpan.Zero, true);
    }

    public void Rests(TimeSpan until)
    {
        lock (gate)
            (beat, rest, working) = (time.GetTimestamp(), until, false);
    }

    /// <summary>Why the loop counts as stuck, given the state that it is in now; null while it does not.</summary>
    public string? Stuck(AgentState now)
    {
        lock (gate)
        {
            if (now != state)
                (state, beat) = (now, time.GetTimestamp());
            if (working && now is AgentState.Resolve or AgentState.Fetch or AgentState.Shadow or AgentState.Canary or AgentState.Soak)
                return null;
            var since = time.GetElapsedTime(beat);
            return since <= stuckAfter + rest ? null : $"{(working ? $"{now} has not ended" : "the next look at the channel has not come")} for {since.TotalSeconds:F0} s";
        }
    }
}
