using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// Frees the disk of what no release on this device needs any more. Never collected: current, last known good, pinned, in flight; and
/// nothing at all where it cannot be told what those need.
/// </summary>
internal static class Housekeeping
{
    /// <summary>Releases whose documents stay: what serves, what to go back to, what an operator pinned, and what is being brought in.</summary>
    public static bool IsNeeded(ModelRoom room, string id)
    {
        var (pointer, state) = (room.Store.Pointer, room.Store.State);
        // A journal that cannot be read may have known of more.
        var inFlight = state.State != AgentState.Quarantined && state.Candidate?.Release == id && (Desired(room) ?? id) == id;
        return room.Store.Damage is not null || id == pointer.Current || id == pointer.LastKnownGood || id == pointer.Previous || inFlight || room.IsPinned(id);
    }

    /// <summary>
    /// Digests that this model may still need; null where a document that is needed cannot be read, or its folder not at all: then nobody
    /// collects. Whether its signature holds does not matter here: a key that is missing today may be back tomorrow, and what is kept harms nobody.
    /// </summary>
    public static IReadOnlySet<string>? Kept(ModelRoom room)
    {
        try
        {
            return Read(room);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // Another model asks: this one's trouble is not its own.
        }
    }

    /// <summary>Forgets releases that are not needed, then deletes objects that nobody names. Not in safe mode.</summary>
    public static void Collect(ModelRoom room)
    {
        if (room.Store.Damage is not null)
            return;
        foreach (var id in room.Store.KeptReleases().Where(id => !IsNeeded(room, id)))
            room.Store.ForgetRelease(id);
        if (Read(room) is not { } own || room.KeptByOthers() is not { } others)
            return;
        room.Objects.Collect(new HashSet<string>(own.Concat(others), StringComparer.Ordinal));
    }

    /// <summary>An update came to rest: its promise of room ends; what was refused, or is no longer asked for, leaves the disk at once.</summary>
    public static void Rest(ModelRoom room, AgentState state)
    {
        room.Objects.InFlight.Release(room.Model);
        var givenUp = room.Store.State.Candidate is { } candidate && Desired(room) is { } desired && candidate.Release != desired;
        if (state == AgentState.Quarantined || (state == AgentState.Idle && givenUp))
            Collect(room);
    }

    /// <summary>Promises an update its room on the disk; where there is too little, what is no longer needed goes first. The reason where it must wait.</summary>
    public static string? MakeRoom(ModelRoom room, Release release)
    {
        Objects.WantedObject[] needed = [.. ModelRoom.Needed(release).Select(a => new Objects.WantedObject(a.Sha256.Hex, a.Bytes))];
        if (room.Objects.InFlight.Reserve(room.Model, needed) is null)
            return null;
        Collect(room);
        return room.Objects.InFlight.Reserve(room.Model, needed);
    }

    private static HashSet<string>? Read(ModelRoom room)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in room.Store.KeptReleases())
        {
            if (room.Store.ReadRelease(id) is { } documents && Digests(documents.Release) is { } digests)
                kept.UnionWith(digests);
            else if (IsNeeded(room, id))
                return null;
        }

        return kept;
    }

    private static string? Desired(ModelRoom room) => room.Served.Board.Status.Desired?.Release;

    private static IEnumerable<string>? Digests(byte[] document)
    {
        try
        {
            return Release.Read(document).Artifacts.Select(a => a.Sha256.Hex);
        }
        catch (ReleaseRefusedException)
        {
            return null;
        }
    }
}
