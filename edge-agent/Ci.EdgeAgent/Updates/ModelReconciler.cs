using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>Drives one model through the table: enter a state on disk, do its work, look up what comes next.</summary>
internal sealed class ModelReconciler : IDisposable
{
    private readonly ModelRoom room;
    private readonly Dictionary<AgentState, IUpdateStep> steps;
    private Update update = new();
    private StepResult? breach;
    private bool stoppedInSafeMode;
    private bool outlivedIt;

    public ModelReconciler(ModelRoom room)
    {
        this.room = room;
        IUpdateStep[] all =
        [
            new ResolveStep(room), new PlanStep(room), new FetchStep(room), new VerifyStep(room), new LoadStep(room), new GateStep(room),
            new ShadowStep(room), new CanaryStep(room), new CommitStep(room), new SoakStep(room), new RollBackStep(room),
        ];
        steps = all.ToDictionary(step => step.State);
    }

    public AgentState State { get; private set; }

    /// <summary>How many times in a row the source or the disk did not answer.</summary>
    public int Failures { get; private set; }

    /// <summary>Takes up what the disk says, serves what may be served, and goes on where the agent was stopped. No network.</summary>
    public void Start()
    {
        // What was stopped stays stopped: not even the first requests after a start reach it.
        State = Orders.IsStopped(room) ? AgentState.Killed : Restart.ServeFromDisk(room);
        if (State == AgentState.SafeMode)
            stoppedInSafeMode = Orders.HoldSafeMode(room, stoppedInSafeMode);
        update.Candidate = room.Store.State.Candidate;
        Show(null);
    }

    /// <summary>One look at the channel, and all that follows from it, until the model rests again.</summary>
    public async Task RunOnceAsync(bool pauseAsked, bool recoverAsked, CancellationToken ct)
    {
        try
        {
            await AdvanceAsync(pauseAsked, recoverAsked, ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The journal itself could not be written: go on as after a power cut, from what is on disk.
            Failures++;
            outlivedIt = true;
            State = TransitionTable.AfterRestart(State, update.Candidate is { } c && room.Store.Pointer.Current == c.Release);
            if (TransitionTable.IsResting(State))
                update.Dispose();
            Show(new StepResult(StepOutcome.Unavailable, $"the device's own disk failed: {error.Message}"));
        }
    }

    private async Task AdvanceAsync(bool pauseAsked, bool recoverAsked, CancellationToken ct)
    {
        recoverAsked |= room.Store.IsOutOfReach;
        if (State == AgentState.SafeMode && recoverAsked)
            room.Store.LeaveSafeMode(room.Time.GetUtcNow());
        if (await WakeAsync(pauseAsked, recoverAsked, ct) is not { } cause)
            return;
        if (TransitionTable.IsResting(State))
            Enter(TransitionTable.Next(State, cause.Outcome), cause);
        while (!TransitionTable.IsResting(State))
        {
            ct.ThrowIfCancellationRequested();
            var result = await StepRun.RunAsync(steps[State], update, ct);
            if (State == AgentState.Resolve)
                result = Orders.AfterResolve(room, update, result);
            Failures = result.Outcome == StepOutcome.Unavailable ? Failures + 1 : 0;
            Enter(TransitionTable.Next(State, result.Outcome), result);
        }
    }

    /// <summary>
    /// Says in the journal that the process ended in good order, so that the next start does not count a crash. A disk that refuses is no reason not
    /// to stop: the crash is counted then.
    /// </summary>
    public void Stop()
    {
        try
        {
            if (room.Store.Damage is null && State == AgentState.Soak)
                room.Store.Save(room.Store.State with { Stopped = true, At = room.Time.GetUtcNow() });
            if (room.Store.Damage is null && State is >= AgentState.Load and <= AgentState.Canary && room.Store.State.Progress is { } tried)
                room.Store.Save(room.Store.State with { Progress = tried with { Attempts = tried.Attempts - 1 }, At = room.Time.GetUtcNow() });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            room.Happened(TelemetryEventKind.State, $"the device's own disk takes nothing: {error.Message}; the next start will count this stop as a crash");
        }
    }

    public void Dispose() => update.Dispose();

    private async Task<StepResult?> WakeAsync(bool pauseAsked, bool recoverAsked, CancellationToken ct)
    {
        var orders = room.Orders();
        if (State == AgentState.Killed)
            return await Orders.WhyServeAgainAsync(room, ct) is { } words ? Revived(words) : null;
        if (State == AgentState.SafeMode && !recoverAsked)
            stoppedInSafeMode = Orders.HoldSafeMode(room, stoppedInSafeMode);
        if (State == AgentState.SafeMode)
            return recoverAsked ? new StepResult(StepOutcome.ResumeAsked, "") : null;
        if (TransitionTable.IsResting(State) && orders.Killed)
            return new StepResult(StepOutcome.KillAsked, "an operator stopped the model");
        if (TransitionTable.IsResting(State) && orders.RollBack && Orders.RollBackFrom(room, update) is { } back)
            return back;
        return State switch
        {
            AgentState.Paused => pauseAsked ? null : new StepResult(StepOutcome.ResumeAsked, ""),
            AgentState.Idle or AgentState.Quarantined when TakesUpUnproven() => new StepResult(StepOutcome.Unproven, "what serves was not watched to the end yet"),
            AgentState.Idle or AgentState.Quarantined => new StepResult(pauseAsked ? StepOutcome.PauseAsked : StepOutcome.Poll, ""),
            _ => new StepResult(StepOutcome.Poll, ""), // Taken up again in the middle of Soak or RollingBack.
        };
    }

    // A disk that refused to be told that a release was given up, and served it after all.
    private bool TakesUpUnproven()
    {
        var pointer = room.Store.Pointer;
        if (room.Served.Slot.Current is not { } serving || serving.Release != pointer.Current || serving.Release == pointer.LastKnownGood)
            return false;
        var known = room.Store.State.Candidate;
        update.Candidate = known?.Release == serving.Release ? known : new Candidate(serving.Release, "", pointer.Sequence);
        update.Version = serving.Version;
        return true;
    }

    private StepResult Revived(string words)
    {
        _ = Restart.ServeFromDisk(room);
        var pointer = room.Store.Pointer;
        var proven = pointer.Current is null || pointer.Current == pointer.LastKnownGood || update.Candidate?.Release != pointer.Current;
        return new StepResult(proven ? StepOutcome.ResumeAsked : StepOutcome.Unproven, words);
    }

    private void Enter(Transition next, StepResult result)
    {
        var state = room.Store.State;
        if (next.To == AgentState.Resolve)
        {
            update.Dispose();
            update = new Update();
        }

        if (next.To == AgentState.Quarantined && (result.Code is not null || next.From == AgentState.RollingBack))
        {
            update.Dispose();
            state = Told.Refused(room, state, update, result, next.From == AgentState.RollingBack, breach);
        }

        if (next is { To: AgentState.RollingBack })
        {
            breach = result;
            room.Happened(TelemetryEventKind.State, $"going back: {result.Words}", result.Code, update.Candidate?.Release, update.Version);
        }

        var crashes = next.To is AgentState.Soak or AgentState.RollingBack ? state.CrashesInSoak : 0;
        var entered = state with
        {
            State = next.To,
            At = room.Time.GetUtcNow(),
            Candidate = update.Candidate,
            Stopped = false,
            CrashesInSoak = crashes,
            Progress = ProgressAfter(state.Progress, next.To),
            KilledByChannel = next.To == AgentState.Killed && result.Code == Orders.ChannelKillCode,
        };
        var changed = state.State != next.To || !ReferenceEquals(state, room.Store.State);
        if (next.Journaled && changed)
            room.Store.Save(entered);
        outlivedIt &= next.To != AgentState.Load;
        State = next.To;
        Consequences.Carry(room, next, result);
        if (TransitionTable.IsResting(State))
            Housekeeping.Rest(room, State);
        if (TransitionTable.IsResting(State) && State != AgentState.Quarantined)
            update.Dispose();
        if (next.To is AgentState.Paused || next.From is AgentState.Paused or AgentState.SafeMode)
            room.Happened(TelemetryEventKind.State, next.Why);
        Show(result);
    }

    /// <summary>
    /// An attempt counts from the moment that it is in the journal, and no more when it ended in any word, or when it was the disk that failed:
    /// this process outlived it.
    /// </summary>
    private RolloutProgress? ProgressAfter(RolloutProgress? before, AgentState to) => to switch
    {
        AgentState.Load when before is not null && before.Release == update.Candidate!.Release => before with { Attempts = (outlivedIt ? 0 : before.Attempts) + 1 },
        AgentState.Load => new RolloutProgress(update.Candidate!.Release, 1, false, 0, null),
        AgentState.Canary => before! with { ShadowPassed = true },
        AgentState.Soak or AgentState.Quarantined or AgentState.RollingBack => null,
        AgentState.Idle or AgentState.Paused or AgentState.Killed => before is null ? null : before with { Attempts = 0 },
        _ => before,
    };

    private void Show(StepResult? result) => Told.Show(room, State, result);
}
