namespace Ci.EdgeAgent.States;

/// <summary>
/// The device's one word on what serves: a small file, replaced in one step, that stands without the journal.
/// </summary>
/// <param name="Current">The release that serves; null before the first and after a first release was rolled back.</param>
/// <param name="LastKnownGood">The release to go back to; it has been through Soak.</param>
/// <param name="Sequence">The highest channel sequence ever committed: the floor. It only rises.</param>
/// <param name="SequenceRelease">The release which that sequence named.</param>
/// <param name="Since">When <paramref name="Current"/> began to serve.</param>
internal sealed record CurrentPointer(string? Current, string? LastKnownGood, long Sequence, string? SequenceRelease, DateTimeOffset Since)
{
    public const string SchemaName = "mlops.agent-pointer/v1";

    public static readonly CurrentPointer None = new(null, null, 0, null, default);

    /// <summary>The last known good before this one: what an operator's rollback goes to. Kept on disk like the others.</summary>
    public string? Previous { get; init; }

    public string Schema { get; init; } = SchemaName;
}
