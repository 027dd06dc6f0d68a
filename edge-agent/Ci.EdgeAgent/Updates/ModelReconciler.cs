using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Updates;

/// <summary>Drives one model through the table: enter a state on disk, do its work, look up what comes next.</summary>
internal sealed class ModelReconciler : IDisposable
{
    private readonly ModelRoom room;
    private readonly Dictionary<AgentState, IUpdateStep> steps;
    private Update update = new();
    private StepResult? breach;

    public ModelReconciler(ModelRoom room)
    {
        this.room = room;
        IUpdateStep[] all =
        [
            new ResolveStep(room), new PlanStep(room), new FetchStep(room), new VerifyStep(room), new LoadStep(room), new GateStep(room),
            new PassThroughStep(AgentState.Shadow), new PassThroughStep(AgentState.Canary), new CommitStep(room), new SoakStep(room), new RollBackStep(room),
        ];
        steps = all.ToDictionary(step => step.State);
    }

    public AgentState State { get; private set; }

    /// <summary>How many times in a row the source or the disk did not answer.</summary>
    public int Failures { get; private set; }

    /// <summary>Takes up what the disk says, serves what may be served, and goes on where the agent was stopped. No network.</summary>
    public void Start()
    {
        State = Restart.ServeFromDisk(room);
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
        if (Wake(pauseAsked, recoverAsked) is not { } cause)
            return;
        if (TransitionTable.IsResting(State))
            Enter(TransitionTable.Next(State, cause), new StepResult(cause, ""));
        while (!TransitionTable.IsResting(State))
        {
            ct.ThrowIfCancellationRequested();
            var result = await WorkAsync(steps[State], ct);
            Failures = result.Outcome == StepOutcome.Unavailable ? Failures + 1 : 0;
            Enter(TransitionTable.Next(State, result.Outcome), result);
        }
    }

    /// <summary>Says in the journal that the process ended in good order, so that the next start does not count a crash.</summary>
    public void Stop()
    {
        if (room.Store.Damage is null && State == AgentState.Soak)
            room.Store.Save(room.Store.State with { Stopped = true, At = room.Time.GetUtcNow() });
    }

    public void Dispose() => update.Dispose();

    private StepOutcome? Wake(bool pauseAsked, bool recoverAsked) => State switch
    {
        AgentState.SafeMode => recoverAsked ? StepOutcome.ResumeAsked : null,
        AgentState.Paused => pauseAsked ? null : StepOutcome.ResumeAsked,
        AgentState.Idle or AgentState.Quarantined => pauseAsked ? StepOutcome.PauseAsked : StepOutcome.Poll,
        _ => StepOutcome.Poll, // Taken up again in the middle of Soak or RollingBack.
    };

    private async Task<StepResult> WorkAsync(IUpdateStep step, CancellationToken ct)
    {
        try
        {
            return await step.RunAsync(update, ct);
        }
        catch (ReleaseRefusedException error) when (step.State != AgentState.RollingBack)
        {
            return new StepResult(StepOutcome.Refused, error.Message, error.Code.Wire());
        }
        catch (Exception error) when (IsTransient(error) && Knows(step.State, StepOutcome.Unavailable))
        {
            return new StepResult(StepOutcome.Unavailable, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && Knows(step.State, StepOutcome.Refused))
        {
            return new StepResult(StepOutcome.Refused, error.Message, RefusalCode.LoadFailed.Wire());
        }
    }

    private static bool Knows(AgentState state, StepOutcome outcome) => TransitionTable.All.Any(t => t.From == state && t.On == outcome);

    private static bool IsTransient(Exception error) =>
        error is SourceUnavailableException or GitException or StorageException or IOException or UnauthorizedAccessException or HttpRequestException;

    private void Enter(Transition next, StepResult result)
    {
        var state = room.Store.State;
        if (next.To == AgentState.Resolve)
        {
            update.Dispose();
            update = new Update();
        }

        if (next.To == AgentState.Quarantined && (result.Code is not null || next.From == AgentState.RollingBack))
            state = Refuse(state, next, result);
        if (next is { From: AgentState.Soak, On: StepOutcome.Breached })
        {
            breach = result;
            room.Happened(TelemetryEventKind.State, $"soak breached: {result.Words}", result.Code, update.Candidate?.Release, update.Version);
        }

        var crashes = next.To is AgentState.Soak or AgentState.RollingBack ? state.CrashesInSoak : 0;
        var entered = state with { State = next.To, At = room.Time.GetUtcNow(), Candidate = update.Candidate, Stopped = false, CrashesInSoak = crashes };
        var changed = state.State != next.To || !ReferenceEquals(state, room.Store.State);
        if (next.Journaled && changed)
            room.Store.Save(entered);
        State = next.To;
        if (TransitionTable.IsResting(State))
            Housekeeping.Rest(room, State);
        if (TransitionTable.IsResting(State) && State != AgentState.Quarantined)
            update.Dispose();
        if (next.To is AgentState.Paused || next.From is AgentState.Paused or AgentState.SafeMode)
            room.Happened(TelemetryEventKind.State, next.Why);
        Show(result);
    }

    private DeviceState Refuse(DeviceState state, Transition next, StepResult result)
    {
        update.Dispose();
        var wanted = update.Candidate ?? new Candidate("", "", 0);
        var breached = next.From == AgentState.RollingBack;
        var code = result.Code ?? breach?.Code ?? (state.CrashesInSoak >= SoakStep.MostCrashes ? SoakStep.CrashCode : SoakStep.BreachCode);
        var reason = breached ? $"{breach?.Words ?? "it misbehaved after the swap"}; {result.Words}" : result.Words;
        if (!breached || wanted.Release.Length > 0)
            room.Happened(TelemetryEventKind.Refusal, $"refused {update.Version ?? Brief(wanted.Release)}: {reason}", code, wanted.Release, update.Version);
        return state.WithRefusal(new QuarantineEntry(wanted.Release, update.Version ?? "", wanted.Channel, wanted.Sequence, code, reason, room.Time.GetUtcNow()));
    }

    private static string Brief(string release) => release.Length == 0 ? "the channel" : "release " + release[..12];

    private void Show(StepResult? result)
    {
        var (pointer, device) = (room.Store.Pointer, room.Store.State);
        room.Served.Board.Change(s => StatusWords.Apply(s with
        {
            State = State,
            LastKnownGood = pointer.LastKnownGood,
            SequenceFloor = pointer.Sequence,
            Refusals = device.Refusals,
            SourceError = result is { Outcome: StepOutcome.Unavailable } failed ? failed.Words : s.SourceError,
        }, pointer, room.Store.Damage));
    }
}
