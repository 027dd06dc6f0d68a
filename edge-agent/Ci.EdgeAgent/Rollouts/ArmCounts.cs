using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>What one generation did in one block of time.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ArmCounts(long Calls, long Errors, long Slow, long VerySlow, long Low, long High)
{
    public static ArmCounts operator +(ArmCounts a, ArmCounts b) => new(
        a.Calls + b.Calls, a.Errors + b.Errors, a.Slow + b.Slow, a.VerySlow + b.VerySlow, a.Low + b.Low, a.High + b.High);

    /// <summary>The counts with one more call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="marks">The marks that it is measured against.</param>
    public ArmCounts With(in CallFacts call, Thresholds marks) => new(
        Calls + 1,
        Errors + (call.Failed ? 1 : 0),
        Slow + (call.Milliseconds > marks.MedianMs ? 1 : 0),
        VerySlow + (call.Milliseconds > marks.TailMs ? 1 : 0),
        Low + (call.Score < marks.Low ? 1 : 0),
        High + (call.Score > marks.High ? 1 : 0));
}
