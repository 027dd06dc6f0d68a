using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>The signature first: only after it are there sizes that bound a download and digests that name one.</summary>
internal sealed class PlanStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Plan;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var wanted = update.Candidate!;
        var verified = ReleaseVerification.Verify(update.ReleaseBytes, update.BundleBytes, room.Keys);
        var release = verified.Release;
        update.Version = release.Version;
        CheckIdentity(release, wanted);
        update.Verified = verified;
        room.Served.Board.Change(s => s with { Desired = s.Desired is { } d ? d with { Version = release.Version, ModelSha256 = release.Model.Sha256.Hex } : null });

        return Task.FromResult(Housekeeping.MakeRoom(room, release) is { } waits
            ? new StepResult(StepOutcome.Unavailable, $"{release.Version} is not fetched yet: {waits}")
            : StepResult.Done($"{release.Version} is signed by a trusted key, and there is room for it"));
    }

    private void CheckIdentity(Release release, Candidate wanted)
    {
        if (release.Id.Hex != wanted.Release)
            throw new ReleaseRefusedException(RefusalCode.ReleaseIdMismatch, $"the channel names release {wanted.Release[..12]}, the document is {release.Id.Brief}");
        if (release.Name != room.Model)
            throw new ReleaseRefusedException(RefusalCode.ReleaseIdMismatch, $"the release is of the model {Names.Quote(release.Name)}, the channel of {room.Model}");
        var total = ModelRoom.Needed(release).Sum(a => a.Bytes);
        if (total > release.Limits.MaxBytes)
            throw new ReleaseRefusedException(RefusalCode.SizeLimit, $"its files have {total} bytes; its own limit is {release.Limits.MaxBytes}");
        if (!release.RunsOn(room.Loader.RuntimeVersion))
            throw new ReleaseRefusedException(RefusalCode.RuntimeTooOld, $"it needs ONNX Runtime {release.LeastRuntime}; this device has {room.Loader.RuntimeVersion}");
    }
}
