using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Reads everything back from the disk and judges that, not what was on the wire; then the model itself, before anything loads it.</summary>
internal sealed class VerifyStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Verify;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        update.Verified = Installed.Admit(room, update.Candidate!.Release);
        var release = update.Verified.Release;
        room.Served.Board.Change(s => s with { Installed = new ReleaseStatus(release.Id.Hex, release.Version, update.Candidate.Sequence, release.Model.Sha256.Hex) });
        return Task.FromResult(StepResult.Done($"signature, digests and sizes of {release.Version} hold on disk, and its model asks for nothing that is not allowed"));
    }
}
