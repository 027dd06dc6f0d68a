using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates;

/// <summary>What must follow from a transition that is in the journal.</summary>
internal static class Consequences
{
    public static void Carry(ModelRoom room, Transition next, StepResult result)
    {
        if (next.To == AgentState.RollingBack)
            room.RollBackDone();
        if (next.To == AgentState.Killed && next.From != AgentState.Killed)
            Orders.Stop(room, result.Words);
        if (!TransitionTable.IsResting(next.To))
            return;
        room.Served.Slot.EndCanary();
        if (next.To is not (AgentState.Killed or AgentState.SafeMode) && !room.Orders().Killed && room.Served.Slot.Current is null && room.Store.Pointer.Current is not null)
            _ = Restart.ServeFromDisk(room); // A candidate that was loaded in the place of what serves was refused.
    }
}
