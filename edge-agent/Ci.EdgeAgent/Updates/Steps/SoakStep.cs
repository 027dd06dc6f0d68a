using Ci.EdgeAgent.Rollouts;
using Ci.EdgeAgent.States;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Watches the new generation serve. At the end it must reproduce its golden set once more: silence alone proves nothing.</summary>
internal sealed class SoakStep(ModelRoom room) : IUpdateStep
{
    public const string BreachCode = "soak-breach";
    public const string CrashCode = "repeated-crashes";

    /// <summary>So many ends of the process without a word, during one Soak, are the model's fault until proven otherwise.</summary>
    public const int MostCrashes = 3;

    public AgentState State => AgentState.Soak;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        if (room.Store.State.CrashesInSoak >= MostCrashes)
            return new StepResult(StepOutcome.Breached, $"the agent ended {room.Store.State.CrashesInSoak} times while it served this release", CrashCode);
        var (breach, asked) = await WatchAsync(ct);
        if (asked is not null)
            return asked;
        if (breach is not null && room.Orders().Killed)
            return new StepResult(StepOutcome.KillAsked, breach);
        if (breach is not null && room.Orders().RollBack)
            return new StepResult(StepOutcome.Breached, breach, RollBackStep.OperatorCode);
        if (breach is not null)
            return new StepResult(StepOutcome.Breached, breach, BreachCode);

        var pointer = room.Store.Pointer;
        var before = pointer.LastKnownGood == pointer.Current ? pointer.Previous : pointer.LastKnownGood;
        room.Store.Point(pointer with { LastKnownGood = pointer.Current, Previous = before });
        Housekeeping.Collect(room);
        var version = room.Served.Slot.Current?.Version;
        room.Happened(TelemetryEventKind.State, $"in sync: {version} has soaked and is the last known good", release: pointer.Current, version: version);
        return StepResult.Done($"{version} is in sync");
    }

    /// <summary>What speaks against the release, or what the channel asks instead; neither: it has soaked.</summary>
    private async Task<(string? Breach, StepResult? Asked)> WatchAsync(CancellationToken ct)
    {
        var (began, channel) = (room.Time.GetTimestamp(), new ChannelWatch(room));
        var whole = TimeSpan.FromSeconds(room.Configuration.SoakSeconds);
        for (var left = whole; left > TimeSpan.Zero; left = whole - room.Time.GetElapsedTime(began))
        {
            if (Breach() is { } early)
                return (early, null);
            if (await channel.AsksOfServingAsync(ct) is { } asked)
                return (null, asked);
            await Task.Delay(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1), room.Time, ct);
        }

        return (Breach() ?? AskGoldenAgain(), null);
    }

    private string? Breach()
    {
        if (room.Orders() is { Killed: true } or { RollBack: true })
            return "an operator stopped it";
        if (room.Served.Slot.Current is not { } current)
            return "nothing serves";
        return current.Instance.Crashes >= MostCrashes
            ? $"its process ended {current.Instance.Crashes} times, or outgrew its memory"
            : SoakRule.Breach(current.Health, current.MaxP95LatencyMs);
    }

    private string? AskGoldenAgain()
    {
        if (room.Served.Slot.Lease() is not { } generation)
            return "nothing serves";
        try
        {
            GoldenGate.Recheck(generation.Instance, Installed.Golden(room, Installed.Verify(room, generation.Release).Release));
            return null;
        }
        catch (Exception error) when (error is ReleaseRefusedException or OnnxException)
        {
            return $"after serving, it no longer reproduces its golden set: {error.Message}";
        }
        finally
        {
            generation.GiveBack();
        }
    }
}
