namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>A clock that goes on by a third of a second whenever it is asked: every life takes the same time, whatever the machine does.</summary>
internal sealed class SteppingTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks += TimeSpan.TicksPerSecond / 3;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(ticks);
}
