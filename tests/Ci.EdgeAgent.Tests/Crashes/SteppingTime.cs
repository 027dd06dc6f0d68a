namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>
/// A clock that goes on by a third of a second whenever it is asked: every life takes the same time, whatever the machine does. Whoever waits
/// for it has waited at once.
/// </summary>
internal sealed class SteppingTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks += TimeSpan.TicksPerSecond / 3;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            ticks += dueTime.Ticks;
            callback(state);
        }

        return new Rung();
    }

    private sealed class Rung : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
