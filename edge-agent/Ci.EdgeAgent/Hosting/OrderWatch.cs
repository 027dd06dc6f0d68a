using Ci.EdgeAgent.Rollouts;
using Ci.EdgeAgent.Updates;
using Ci.Releases;

namespace Ci.EdgeAgent.Hosting;

/// <summary>Sees when an operator asks for something else than before, so that the model acts at once and the change is told.</summary>
internal sealed class OrderWatch(ModelRoom room, AgentControl control)
{
    private OperatorOrders before = OperatorOrders.None;
    private bool recovery;

    /// <summary>Whether something changed since the last call; a pin's change is told here (a pause, a stop and a way back tell themselves).</summary>
    public bool Changed()
    {
        var (now, asked) = (control.OrdersFor(room.Model), control.IsRecoveryAsked(room.Model));
        if (now == before && asked == recovery)
            return false;
        if (now.Pin != before.Pin)
            room.Happened(TelemetryEventKind.State, now.Pin is { } pin ? $"an operator pinned release {pin[..12]}" : "an operator ended the pin: the channel decides again", release: now.Pin);
        (before, recovery) = (now, asked);
        return true;
    }
}
