using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Back to the last known good: locally, without asking anyone. The breached release's channel entry is quarantined afterwards.</summary>
internal sealed class RollBackStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.RollingBack;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var (pointer, now) = (room.Store.Pointer, room.Time.GetUtcNow());
        var bad = update.Candidate?.Release ?? pointer.Current;
        var good = pointer.LastKnownGood == bad ? null : pointer.LastKnownGood;
        if (good is null || Revive(good) is not { } revived)
        {
            room.Store.Point(pointer with { Current = null, Since = now });
            room.Served.Slot.Swap(null);
            room.Served.Board.Change(s => s with { Serving = null });
            room.Happened(TelemetryEventKind.Rollback, "there is no last known good to go back to: nothing serves", release: bad);
            return Task.FromResult(StepResult.Done("nothing to go back to; nothing serves"));
        }

        var (generation, release) = revived;
        room.Store.Point(pointer with { Current = good, Since = now });
        CommitStep.Serve(room, release, generation, null, now);
        room.Happened(TelemetryEventKind.Rollback, $"went back to {release.Version}, the last known good", release: good, version: release.Version);
        return Task.FromResult(StepResult.Done($"{release.Version} serves again"));
    }

    private (Generations.Generation Generation, Release Release)? Revive(string good)
    {
        try
        {
            return Installed.Revive(room, good);
        }
        catch (Exception error) when (error is ReleaseRefusedException or IOException or UnauthorizedAccessException)
        {
            room.Happened(TelemetryEventKind.State, $"the last known good cannot serve: {error.Message}", release: good);
            return null;
        }
    }
}
