using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Back to the last known good: locally, without asking anyone. The breached release's channel entry is quarantined afterwards.</summary>
internal sealed class RollBackStep(ModelRoom room) : IUpdateStep
{
    /// <summary>The refusal of a release that an operator went back from.</summary>
    public const string OperatorCode = "operator-rollback";

    public AgentState State => AgentState.RollingBack;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var (pointer, now) = (room.Store.Pointer, room.Time.GetUtcNow());
        var bad = update.Candidate?.Release ?? pointer.Current;
        var good = TargetOf(pointer, bad);
        if (room.Configuration.Swap.IsPreserving && good is not null)
            await LoadStep.UnloadAsync(room);
        if (good is null || Revive(good) is not { } revived)
        {
            room.Store.Point(pointer with { Current = null, Since = now });
            room.Served.Slot.Swap(null);
            room.Served.Board.Change(s => s with { Serving = null });
            room.Happened(TelemetryEventKind.Rollback, "there is no last known good to go back to: nothing serves", release: bad);
            return StepResult.Done("nothing to go back to; nothing serves");
        }

        var (generation, release) = revived;
        var stepped = good == pointer.LastKnownGood ? pointer : pointer with { LastKnownGood = good, Previous = null };
        room.Store.Point(stepped with { Current = good, Since = now });
        CommitStep.Serve(room, release, generation, null, now);
        room.Happened(TelemetryEventKind.Rollback, $"went back to {release.Version}, the last known good", release: good, version: release.Version);
        return StepResult.Done($"{release.Version} serves again");
    }

    /// <summary>What there is to go back to from a release: the last known good, or where it is that one, the one before; null where there is none.</summary>
    public static string? TargetOf(CurrentPointer pointer, string? bad) =>
        pointer.LastKnownGood != bad ? pointer.LastKnownGood : pointer.Previous != bad ? pointer.Previous : null;

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
