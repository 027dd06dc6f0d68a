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
        TargetRules.CheckIdentity(release, wanted.Release, room.Model);
        room.Memory?.Learn(release.Provenance.CreatedAt);
        TargetRules.CheckTarget(release, room.Configuration.Trust, room.Loader.RuntimeVersion, room.Memory?.Clock.Now ?? room.Time.GetUtcNow());
        update.Verified = verified;
        room.Served.Board.Change(s => s with { Desired = s.Desired is { } d ? d with { Version = release.Version, ModelSha256 = release.Model.Sha256.Hex } : null });

        return Task.FromResult(Housekeeping.MakeRoom(room, release) is { } waits
            ? new StepResult(StepOutcome.Unavailable, $"{release.Version} is not fetched yet: {waits}")
            : StepResult.Done($"{release.Version} is signed by a trusted key, and there is room for it"));
    }
}
