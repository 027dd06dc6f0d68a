namespace Ci.EdgeAgent.Rollouts;

/// <summary>What one generation did in one block of time.</summary>
internal readonly record struct ArmCounts(long Calls, long Errors, long Slow, long VerySlow, long Low, long High)
{
    public static ArmCounts operator +(ArmCounts a, ArmCounts b) => new(
        a.Calls + b.Calls, a.Errors + b.Errors, a.Slow + b.Slow, a.VerySlow + b.VerySlow, a.Low + b.Low, a.High + b.High);

    /// <summary>The counts with one more call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="marks">The incumbent's marks.</param>
    /// <param name="slack">So many times the incumbent's latency is fine.</param>
    public ArmCounts With(in CallFacts call, Thresholds marks, double slack) => new(
        Calls + 1,
        Errors + (call.Failed ? 1 : 0),
        Slow + (call.Milliseconds > marks.MedianMs * slack ? 1 : 0),
        VerySlow + (call.Milliseconds > marks.TailMs * slack ? 1 : 0),
        Low + (call.Score < marks.Low ? 1 : 0),
        High + (call.Score > marks.High ? 1 : 0));
}
