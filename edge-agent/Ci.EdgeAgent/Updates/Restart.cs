using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// From a cold disk to serving, before any network: replay, prove current and last known good again, by this device's rules as they are now, and
/// serve the first that holds.
/// </summary>
internal static class Restart
{
    /// <summary>The event of a journal whose last record was damaged after it was written.</summary>
    public const string LostRecordCode = "journal-record-damaged";

    /// <summary>Serves what may be served.</summary>
    /// <returns>The state to go on in.</returns>
    public static AgentState ServeFromDisk(ModelRoom room)
    {
        var (store, pointer) = (room.Store, room.Store.Pointer);
        var before = store.State;
        var state = store.Damage is not null
            ? AgentState.SafeMode
            : TransitionTable.AfterRestart(before.State, before.Candidate is { } c && pointer.Current == c.Release);
        if (store.TakeLoss() is { } loss)
            room.Happened(TelemetryEventKind.State, loss, LostRecordCode);
        if (store.Damage is { } damage)
            room.Happened(TelemetryEventKind.State, $"safe mode: {damage}");
        else
            state = Remember(room, before, state);
        state = Serve(room, pointer, state);
        ProveLastKnownGood(room);
        if (TransitionTable.IsResting(state))
            TryWrite(room, () => Housekeeping.Collect(room));
        return state;
    }

    private static AgentState Serve(ModelRoom room, CurrentPointer pointer, AgentState state)
    {
        // A release that is still soaking may be why the agent ended; what has soaked comes first where something is wrong.
        var goodFirst = state is AgentState.SafeMode or AgentState.RollingBack;
        string?[] order = goodFirst ? [pointer.LastKnownGood, state == AgentState.SafeMode ? pointer.Current : null] : [pointer.Current, pointer.LastKnownGood];
        foreach (var id in order.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (TryServe(room, id))
                return id == pointer.Current || goodFirst ? state : Settle(room, pointer with { Current = id, Since = room.Time.GetUtcNow() }, state);
        }

        if (pointer.Current is not null)
            room.Happened(TelemetryEventKind.State, "nothing on this device can be served: it must be fetched again");
        return pointer.Current is null || room.Store.Damage is not null ? state : Settle(room, pointer with { Current = null }, state);
    }

    private static AgentState Remember(ModelRoom room, DeviceState before, AgentState state)
    {
        // Only a process that was watching a release when it vanished counts against that release.
        var crashed = before.State == AgentState.Soak && !before.Stopped;
        var crashes = state == AgentState.Soak ? before.CrashesInSoak + (crashed ? 1 : 0) : 0;
        if (crashes >= SoakStep.MostCrashes)
            state = AgentState.RollingBack;
        (before, state) = WatchUnproven(room.Store.Pointer, before, state);
        if (state != before.State || crashes != before.CrashesInSoak || before.Stopped)
        {
            var counted = state == AgentState.RollingBack ? Math.Max(crashes, before.CrashesInSoak) : crashes;
            TryWrite(room, () => room.Store.Save(before with { State = state, At = room.Time.GetUtcNow(), CrashesInSoak = counted, Stopped = false }));
        }

        return state;
    }

    /// <summary>
    /// What the pointer names and was never watched to the end is watched now, whatever the journal says: the pointer may have reached the
    /// disk although its last sync failed, and the commit counted as undone. And nothing is watched where it names nothing: what was, could not be
    /// served from the disk, which is not its fault.
    /// </summary>
    private static (DeviceState Before, AgentState State) WatchUnproven(CurrentPointer pointer, DeviceState before, AgentState state)
    {
        if (pointer.Current is not { } current)
            return (before, state == AgentState.Soak ? AgentState.Idle : state);
        if (current == pointer.LastKnownGood || state is AgentState.Soak or AgentState.RollingBack)
            return (before, state);
        return (before.Candidate?.Release == current ? before : before with { Candidate = new Candidate(current, "", pointer.Sequence) }, AgentState.Soak);
    }

    // A disk that takes nothing more must not keep the device from serving what it holds.
    private static void TryWrite(ModelRoom room, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            room.Happened(TelemetryEventKind.State, $"the device's own disk takes nothing: {error.Message}; it serves, and cannot update");
        }
    }

    private static bool TryServe(ModelRoom room, string id)
    {
        try
        {
            var (generation, release) = Installed.Revive(room, id);
            CommitStep.Serve(room, release, generation, null, room.Time.GetUtcNow());
            room.Happened(TelemetryEventKind.State, $"started: serving {release.Version} from disk", release: id, version: release.Version);
            return true;
        }
        catch (Exception error) when (error is ReleaseRefusedException or IOException or UnauthorizedAccessException)
        {
            var code = error is ReleaseRefusedException refused ? refused.Code.Wire() : null;
            room.Happened(TelemetryEventKind.State, $"cannot serve release {id[..12]} from disk: {error.Message}", code, id);
            return false;
        }
    }

    /// <summary>Whether the last known good could still be gone back to, while something else serves: better told now than found out then.</summary>
    private static void ProveLastKnownGood(ModelRoom room)
    {
        if (room.Store.Pointer.LastKnownGood is not { } good || good == room.Store.Pointer.Current)
            return;
        try
        {
            Installed.Admit(room, good);
        }
        catch (Exception error) when (error is ReleaseRefusedException or IOException or UnauthorizedAccessException)
        {
            room.Happened(TelemetryEventKind.State, $"there is no way back to release {good[..12]}: {error.Message}", (error as ReleaseRefusedException)?.Code.Wire(), good);
        }
    }

    /// <summary>What the pointer named cannot serve: it names what does, and what was under way begins anew.</summary>
    private static AgentState Settle(ModelRoom room, CurrentPointer pointer, AgentState state)
    {
        var rests = state is AgentState.Paused or AgentState.Quarantined ? state : AgentState.Idle;
        TryWrite(room, () =>
        {
            room.Store.Point(pointer);
            if (room.Store.State.State != rests)
                room.Store.Save(room.Store.State with { State = rests, At = room.Time.GetUtcNow(), CrashesInSoak = 0 });
        });
        return rests;
    }
}
