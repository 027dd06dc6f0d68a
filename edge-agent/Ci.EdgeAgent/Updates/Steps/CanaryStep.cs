using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Rollouts;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>
/// A rising share of live requests takes the candidate, under a sequential test. The step is in the journal before its share is given; a breach
/// takes the share away at once. The pointer on disk was never touched, so a restart serves the incumbent.
/// </summary>
internal sealed class CanaryStep(ModelRoom room) : IUpdateStep
{
    public const string BreachCode = "canary-breach";
    public const string InconclusiveCode = "canary-inconclusive";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    public AgentState State => AgentState.Canary;

    private CanarySettings Settings => room.Configuration.Canary;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var slot = room.Served.Slot;
        if (Settings.Steps.Count == 0)
            return StepResult.Done("no canary is configured");
        if (slot.Current is not { } incumbent)
            return StepResult.Done("nothing serves that a canary could be compared with");
        var candidate = update.Generation!;
        var watch = new CanaryWatch(candidate, room.Time, Settings);
        var passed = false;
        try
        {
            (candidate.Watch, incumbent.Watch) = (watch, watch);
            var result = await ClimbAsync(update, candidate, watch, ct);
            passed = result.Outcome == StepOutcome.Done;
            return result;
        }
        finally
        {
            // After a pass the share stays until Commit gives it all: nobody is sent back and forth.
            if (!passed)
                slot.EndCanary();
            (candidate.Watch, incumbent.Watch) = (null, null);
        }
    }

    private async Task<StepResult> ClimbAsync(Update update, Generation candidate, CanaryWatch watch, CancellationToken ct)
    {
        var progress = ProgressOf(update);
        var evidence = new CanaryEvidence(Settings, progress.Evidence);
        var channel = new ChannelWatch(room);
        for (var step = Math.Min(progress.Step, Settings.Steps.Count - 1); step < Settings.Steps.Count; step++)
        {
            Keep(progress with { Step = step, Evidence = evidence.State });
            room.Served.Slot.StartCanary(candidate, Settings.Steps[step]);
            room.Happened(Ci.Releases.TelemetryEventKind.State, $"canary: {update.Version} takes {Settings.Steps[step]:P1} of the requests", release: candidate.Release, version: update.Version);
            if (await StayAsync(update, Settings.Steps[step], evidence, watch, channel, ct) is { } end)
                return end;
        }

        return StepResult.Done($"{update.Version} passed its canary");
    }

    /// <summary>Null: the step has passed.</summary>
    private async Task<StepResult?> StayAsync(Update update, double share, CanaryEvidence evidence, CanaryWatch watch, ChannelWatch channel, CancellationToken ct)
    {
        var began = room.Time.GetTimestamp();
        var (candidates, incumbents) = (default(ArmCounts), default(ArmCounts));
        while (true)
        {
            await Task.Delay(Tick, room.Time, ct);
            if (watch.Close() is { } block)
            {
                (candidates, incumbents) = (candidates + block.Candidate, incumbents + block.Incumbent);
                evidence.Add(block.Candidate, block.Incumbent);
            }

            if (evidence.Breach is { } breach)
                return new StepResult(StepOutcome.Refused, $"canary: {breach}", BreachCode);
            var elapsed = room.Time.GetElapsedTime(began);
            if (CanaryRule.WhyNotYet(Settings, evidence, candidates, incumbents, elapsed) is not { } whyNot)
                return null;
            if (elapsed.TotalSeconds >= Settings.MaxStepSeconds)
                return new StepResult(StepOutcome.Refused, $"canary: undecided after {Settings.MaxStepSeconds:G} s: {whyNot}; the incumbent serves on. Ask more requests, allow more time, or promote again", InconclusiveCode);
            if (room.Orders().Interrupts(update.Candidate!.Release) || await channel.HasChangedAsync(update.Candidate.Channel, ct))
                return new StepResult(StepOutcome.Superseded, "canary: given up, because something else is asked for now");
            room.Waits($"canary: {update.Version} takes {share:P1} of the requests; {whyNot}");
        }
    }

    private RolloutProgress ProgressOf(Update update) =>
        room.Store.State.Progress is { } kept && kept.Release == update.Candidate!.Release ? kept : new RolloutProgress(update.Candidate!.Release, 1, true, 0, null);

    private void Keep(RolloutProgress progress) =>
        room.Store.Save(room.Store.State with { Progress = progress with { ShadowPassed = true }, At = room.Time.GetUtcNow() });
}
