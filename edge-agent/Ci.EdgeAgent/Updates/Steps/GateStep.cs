using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>The golden set, on this device; its runs are the warm-up too.</summary>
internal sealed class GateStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Gate;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var release = update.Verified!.Release;
        try
        {
            update.Proof = GoldenGate.Check(update.Generation!.Instance, release, Installed.Golden(room, release), update.ResidentBefore, room.Time);
            update.Proof = Compared(release, update.Proof);
        }
        catch (OnnxException error)
        {
            throw new ReleaseRefusedException(RefusalCode.LoadFailed, $"{release.Version} does not run its golden set: {error.Message}", error);
        }

        await QuietThread.RunAsync(() => Prime(update.Generation, release));
        return StepResult.Done($"{release.Version} reproduces its golden set (p95 {update.Proof.P95Ms:G3} ms)");
    }

    /// <summary>The callers of what serves find their calls ready in the candidate.</summary>
    private bool Prime(Generation candidate, Release release)
    {
        if (room.Served.Slot.Lease() is not { } incumbent)
            return false;
        try
        {
            candidate.Prime(incumbent, GoldenGate.Inputs(candidate.Instance, Installed.Golden(room, release)));
            return true;
        }
        finally
        {
            incumbent.GiveBack();
        }
    }

    /// <summary>Beside the incumbent on the same golden request, under a lease, so that it cannot go meanwhile.</summary>
    private GateProof Compared(Release release, GateProof proof)
    {
        if (room.Served.Slot.Lease() is not { } incumbent)
            return proof;
        try
        {
            var before = GoldenGate.P95Ms(incumbent.Instance, Installed.Golden(room, release), room.Time);
            var most = room.Configuration.Swap.MaxGateSlowdown;
            if (most > 0 && proof.P95Ms > before * (1 + most))
                throw new ReleaseRefusedException(RefusalCode.LatencyLimit, $"the 95th percentile of a golden request is {proof.P95Ms:G4} ms; that of {incumbent.Version}, which serves, {before:G4} ms, and `swap.maxGateSlowdown` allows {most:P0} more");
            return proof with { IncumbentP95Ms = before };
        }
        catch (Exception error) when (error is OnnxException || error is ReleaseRefusedException { Code: RefusalCode.InterfaceMismatch })
        {
            return proof; // Another interface, or an incumbent that fails: there is nothing to compare with.
        }
        finally
        {
            incumbent.GiveBack();
        }
    }
}
