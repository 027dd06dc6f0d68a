using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Rollouts;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>The candidate answers copies of sampled live inputs that nobody waits for, on a thread that takes only what requests leave over.</summary>
internal sealed class ShadowStep(ModelRoom room) : IUpdateStep
{
    public const string BreachCode = "shadow-breach";
    public const string InconclusiveCode = "shadow-inconclusive";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    public AgentState State => AgentState.Shadow;

    private ShadowSettings Settings => room.Configuration.Shadow;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        if (Settings.Seconds <= 0)
            return StepResult.Done("no shadow is configured");
        if (room.Store.State.Progress is { ShadowPassed: true } kept && kept.Release == update.Candidate!.Release)
            return StepResult.Done("it was through its shadow before the restart");
        if (room.Served.Slot.Current is not { } incumbent)
            return StepResult.Done("nothing serves whose inputs a shadow could see");
        var (watch, tally) = (new ShadowWatch(room.Time, Settings.Share), new ShadowTally(Settings));
        try
        {
            incumbent.Watch = watch;
            return await FollowAsync(update, watch, tally, ct);
        }
        finally
        {
            incumbent.Watch = null;
        }
    }

    private async Task<StepResult> FollowAsync(Update update, ShadowWatch watch, ShadowTally tally, CancellationToken ct)
    {
        var (began, channel) = (room.Time.GetTimestamp(), new ChannelWatch(room));
        while (true)
        {
            await QuietThread.RunAsync(() => Answer(update.Generation!, watch, tally));
            var elapsed = room.Time.GetElapsedTime(began).TotalSeconds;
            if (tally.Breach is { } breach)
                return new StepResult(StepOutcome.Refused, $"shadow: {breach}", BreachCode);
            if (elapsed >= Settings.Seconds && tally.Asked >= Settings.LeastSamples)
                return StepResult.Done($"shadow: {tally.Asked} sampled inputs, {tally.Failed} failed, {tally.Disagreed} answered otherwise, {watch.Shed} left out");
            if (elapsed >= Settings.MaxSeconds)
                return new StepResult(StepOutcome.Refused, $"shadow: only {tally.Asked} of at least {Settings.LeastSamples} sampled inputs after {Settings.MaxSeconds:G} s; the incumbent serves on", InconclusiveCode);
            if (room.Orders().Interrupts(update.Candidate!.Release) || await channel.HasChangedAsync(update.Candidate.Channel, ct))
                return new StepResult(StepOutcome.Superseded, "shadow: given up, because something else is asked for now");
            room.Waits($"shadow: {update.Version} was asked {tally.Asked} of at least {Settings.LeastSamples} sampled inputs, for {elapsed:F0} of at least {Settings.Seconds:G} s");
            await Task.Delay(Tick, room.Time, ct);
        }
    }

    private static bool Answer(Generation candidate, ShadowWatch watch, ShadowTally tally)
    {
        // As many as were queued when it began: a stream of samples must not keep the step from looking at the time.
        using var caller = candidate.Instance.NewCaller();
        for (var left = watch.Samples.Count; left > 0 && watch.Samples.TryRead(out var sample); left--)
            tally.Ask(caller, sample);
        return true;
    }
}
