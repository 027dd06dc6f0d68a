using Ci.EdgeAgent.States;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>The golden set, on this device; its runs are the warm-up too.</summary>
internal sealed class GateStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Gate;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var release = update.Verified!.Release;
        try
        {
            update.Proof = GoldenGate.Check(update.Generation!.Instance, release, Installed.Golden(room, release), update.ResidentBefore, room.Time);
        }
        catch (OnnxException error)
        {
            throw new ReleaseRefusedException(RefusalCode.LoadFailed, $"{release.Version} does not run its golden set: {error.Message}", error);
        }

        return Task.FromResult(StepResult.Done($"{release.Version} reproduces its golden set (p95 {update.Proof.P95Ms:G3} ms)"));
    }
}
