namespace Ci.EdgeAgent.Status;

/// <summary>How a generation was proven on this device.</summary>
/// <param name="At">When.</param>
/// <param name="Outputs">Golden outputs compared.</param>
/// <param name="LargestDifference">The largest absolute difference among their numbers.</param>
/// <param name="P95Ms">95th percentile of a golden request, bare session, milliseconds.</param>
/// <param name="MemoryBytes">Growth of the process's resident memory from before loading to after the gate.</param>
internal sealed record GateProof(DateTimeOffset At, int Outputs, double LargestDifference, double P95Ms, long MemoryBytes)
{
    /// <summary>The same of what served then; null where nothing did, or it takes other inputs.</summary>
    public double? IncumbentP95Ms { get; init; }
}
