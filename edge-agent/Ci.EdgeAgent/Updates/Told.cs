using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>What people are told of a model's way through the table: its refusals in the journal and the telemetry, its state on the board.</summary>
internal static class Told
{
    /// <summary>The journal's state with what was refused, and why.</summary>
    /// <param name="room">The model's.</param>
    /// <param name="state">The state before.</param>
    /// <param name="update">What was under way.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="rolledBack">Whether it had served and was rolled back.</param>
    /// <param name="breach">Why, then; null where another process knew.</param>
    public static DeviceState Refused(ModelRoom room, DeviceState state, Update update, StepResult result, bool rolledBack, StepResult? breach)
    {
        var wanted = update.Candidate ?? new Candidate("", "", 0);
        var code = result.Code ?? breach?.Code ?? (state.CrashesInSoak >= SoakStep.MostCrashes ? SoakStep.CrashCode : SoakStep.BreachCode);
        var reason = rolledBack ? $"{breach?.Words ?? "it misbehaved after the swap"}; {result.Words}" : result.Words;
        if (!rolledBack || wanted.Release.Length > 0)
            room.Happened(TelemetryEventKind.Refusal, $"refused {update.Version ?? Brief(wanted.Release)}: {reason}", code, wanted.Release, update.Version);
        return state.WithRefusal(new QuarantineEntry(wanted.Release, update.Version ?? "", wanted.Channel, wanted.Sequence, code, reason, room.Time.GetUtcNow()));
    }

    public static void Show(ModelRoom room, AgentState state, StepResult? result)
    {
        var (pointer, device) = (room.Store.Pointer, room.Store.State);
        room.Served.Board.Change(s => StatusWords.Apply(s with
        {
            State = state,
            LastKnownGood = pointer.LastKnownGood,
            SequenceFloor = pointer.Sequence,
            Refusals = device.Refusals,
            WaitsFor = result is { Outcome: StepOutcome.Held } held ? held.Words : state == AgentState.Resolve ? s.WaitsFor : null,
            SourceError = result is { Outcome: StepOutcome.Unavailable } failed ? failed.Words : s.SourceError,
        }, pointer, room.Store.Damage));
    }

    private static string Brief(string release) => release.Length == 0 ? "the channel" : "release " + release[..12];
}
