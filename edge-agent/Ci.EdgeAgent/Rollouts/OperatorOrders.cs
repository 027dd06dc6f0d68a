namespace Ci.EdgeAgent.Rollouts;

/// <summary>What an operator on the device asks of one model, as it stands now.</summary>
/// <param name="Paused">No new updates.</param>
/// <param name="Killed">Stop serving.</param>
/// <param name="Pin">Stay on this release (its id), whatever the channel asks for; null: follow the channel.</param>
/// <param name="RollBack">Go back to the release before, once.</param>
internal sealed record OperatorOrders(bool Paused = false, bool Killed = false, string? Pin = null, bool RollBack = false)
{
    public static readonly OperatorOrders None = new();

    /// <summary>Whether a candidate that is being tried should step aside.</summary>
    public bool Interrupts(string candidate) => Paused || Killed || RollBack || (Pin is not null && Pin != candidate);
}
