namespace Ci.EdgeAgent.Sources;

/// <summary>
/// The time as far as this device can know it. A device without a battery wakes up in 1970; it then goes by the newest time that somebody
/// trusted has signed, and by how long it has been running since. Signed times never set a clock that is plausible.
/// </summary>
internal sealed class TrustedClock(TimeProvider time)
{
    /// <summary>Before this nothing of the product existed: a clock that says less is not set.</summary>
    public static readonly DateTimeOffset Plausible = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);
    private readonly Lock gate = new();
    private DateTimeOffset floor;
    private long learnedAt;

    /// <summary>Whether the device's own clock says so, and is not behind what was signed.</summary>
    public bool IsSet => time.GetUtcNow() is var own && own >= Plausible && own + Ahead >= Floor;

    /// <summary>The newest signed time.</summary>
    public DateTimeOffset Floor
    {
        get
        {
            lock (gate)
                return floor;
        }
    }

    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
            {
                var own = time.GetUtcNow();
                var least = floor == default ? floor : floor + time.GetElapsedTime(learnedAt);
                return own > least ? own : least;
            }
        }
    }

    /// <summary>Whether a signed time cannot be: it lies in the future of a clock that is set.</summary>
    public bool IsImpossible(DateTimeOffset signed) => time.GetUtcNow() is var own && own >= Plausible && signed > own + Ahead;

    /// <summary>Takes a time that was signed by a trusted key.</summary>
    /// <returns>Whether it is newer than any before.</returns>
    public bool Learn(DateTimeOffset signed)
    {
        if (IsImpossible(signed))
            return false;
        lock (gate)
        {
            if (signed <= floor)
                return false;
            (floor, learnedAt) = (signed, time.GetTimestamp());
            return true;
        }
    }
}
