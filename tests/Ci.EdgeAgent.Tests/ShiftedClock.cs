namespace Ci.EdgeAgent.Tests;

/// <summary>A clock that shows another date, and runs as fast as the real one.</summary>
internal sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    private readonly long began = TimeProvider.System.GetTimestamp();
    private TimeSpan shift;

    public override DateTimeOffset GetUtcNow() => start + shift + TimeProvider.System.GetElapsedTime(began);

    public void Advance(TimeSpan by) => shift += by;
}
