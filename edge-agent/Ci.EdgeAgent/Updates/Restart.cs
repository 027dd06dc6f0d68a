using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>From a cold disk to serving, before any network: replay, prove current and last known good again, serve the first that holds.</summary>
internal static class Restart
{
    /// <summary>Serves what may be served.</summary>
    /// <returns>The state to go on in.</returns>
    public static AgentState ServeFromDisk(ModelRoom room)
    {
        var (store, pointer) = (room.Store, room.Store.Pointer);
        var before = store.State;
        var state = store.Damage is not null
            ? AgentState.SafeMode
            : TransitionTable.AfterRestart(before.State, before.Candidate is { } c && pointer.Current == c.Release);
        if (store.Damage is { } damage)
            room.Happened(TelemetryEventKind.State, $"safe mode: {damage}");
        else
            state = Remember(store, before, state, room.Time.GetUtcNow());

        // A release that is still soaking may be why the agent ended; what has soaked comes first where something is wrong.
        var goodFirst = state is AgentState.SafeMode or AgentState.RollingBack;
        string?[] order = goodFirst ? [pointer.LastKnownGood, state == AgentState.SafeMode ? pointer.Current : null] : [pointer.Current, pointer.LastKnownGood];
        foreach (var id in order.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (TryServe(room, id))
                return id == pointer.Current || goodFirst ? state : FellBack(room, id);
        }

        if (pointer.Current is not null)
            room.Happened(TelemetryEventKind.State, "nothing on this device can be served: it must be fetched again");
        if (pointer.Current is null || store.Damage is not null)
            return state;
        store.Point(pointer with { Current = null });
        return Rest(store, room.Time.GetUtcNow());
    }

    private static AgentState Remember(StateStore store, DeviceState before, AgentState state, DateTimeOffset now)
    {
        // Only a process that was watching a release when it vanished counts against that release.
        var crashed = before.State == AgentState.Soak && !before.Stopped;
        var crashes = state == AgentState.Soak ? before.CrashesInSoak + (crashed ? 1 : 0) : 0;
        if (crashes >= SoakStep.MostCrashes)
            state = AgentState.RollingBack;
        if (state != before.State || crashes != before.CrashesInSoak || before.Stopped)
            store.Save(before with { State = state, At = now, CrashesInSoak = state == AgentState.RollingBack ? Math.Max(crashes, before.CrashesInSoak) : crashes, Stopped = false });
        return state;
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

    private static AgentState FellBack(ModelRoom room, string id)
    {
        room.Store.Point(room.Store.Pointer with { Current = id, Since = room.Time.GetUtcNow() });
        return Rest(room.Store, room.Time.GetUtcNow());
    }

    private static AgentState Rest(StateStore store, DateTimeOffset now)
    {
        if (store.State.State != AgentState.Idle)
            store.Save(store.State with { State = AgentState.Idle, At = now, CrashesInSoak = 0 });
        return AgentState.Idle;
    }
}
