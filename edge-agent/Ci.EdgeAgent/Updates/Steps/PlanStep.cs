using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>The signature first: only after it are there sizes that bound a download and digests that name one.</summary>
internal sealed class PlanStep(ModelRoom room) : IUpdateStep
{
    private const long ReserveBytes = 16 * 1024 * 1024;

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

        var missing = ModelRoom.Needed(release).Where(a => !room.Objects.Has(a.Sha256.Hex, a.Bytes)).Sum(a => a.Bytes);
        var free = room.Objects.FreeBytes();
        if (missing + ReserveBytes > free)
            return Task.FromResult(new StepResult(StepOutcome.Unavailable, $"{release.Version} needs {missing} bytes and {ReserveBytes} in reserve; the disk has {free}: make room"));
        return Task.FromResult(StepResult.Done($"{release.Version} is signed by a trusted key; {missing} bytes to fetch"));
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
