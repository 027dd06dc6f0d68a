namespace Ci.EdgeAgent.States;

/// <summary>
/// All that one model's update must remember; every journal record holds one whole, so replaying is reading the last.
/// What serves is not here: that is the pointer's word (<see cref="CurrentPointer"/>), replaced in one step.
/// </summary>
internal sealed record DeviceState
{
    /// <summary>Old refusals are forgotten first; the newest few explain what the device does.</summary>
    public const int KeptRefusals = 16;

    public AgentState State { get; init; } = AgentState.Idle;

    public DateTimeOffset At { get; init; }

    public Candidate? Candidate { get; init; }

    /// <summary>Newest last.</summary>
    public IReadOnlyList<QuarantineEntry> Refusals { get; init; } = [];

    /// <summary>How often the process ended without saying so while this candidate was in Soak.</summary>
    public int CrashesInSoak { get; init; }

    /// <summary>The process ended in good order after this record.</summary>
    public bool Stopped { get; init; }

    /// <summary>How far the candidate has come; null where none is on its way.</summary>
    public RolloutProgress? Progress { get; init; }

    /// <summary>While Killed: it was the channel, so that only the channel can end it.</summary>
    public bool KilledByChannel { get; init; }

    /// <summary>
    /// The pointer as it was when this was written: where the pointer's own file is lost or damaged, what served, what to go back to and the
    /// sequence floor are still known.
    /// </summary>
    public CurrentPointer? Pointer { get; init; }

    public QuarantineEntry? RefusalOf(string release, string channel) =>
        Refusals.LastOrDefault(r => r.Channel == channel && (r.Release == release || r.Release.Length == 0));

    public DeviceState WithRefusal(QuarantineEntry entry) => this with
    {
        Refusals = [.. Refusals.Where(r => r.Channel != entry.Channel || r.Release != entry.Release).Append(entry).TakeLast(KeptRefusals)],
    };
}
