using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>Frees the disk of what no release on this device needs any more.</summary>
internal static class Housekeeping
{
    /// <summary>Digests that this model may still need: current, last known good, and what is in flight.</summary>
    public static IReadOnlySet<string> Kept(ModelRoom room)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in room.Store.KeptReleases())
        {
            if (room.Store.ReadRelease(id) is not { } documents)
                continue;
            try
            {
                kept.UnionWith(ReleaseVerification.Verify(documents.Release, documents.Bundle, room.Keys).Release.Artifacts.Select(a => a.Sha256.Hex));
            }
            catch (ReleaseRefusedException)
            {
                // A document that no longer verifies keeps nothing alive.
            }
        }

        return kept;
    }

    /// <summary>Forgets releases other than current and last known good, then deletes objects that nobody names.</summary>
    public static void Collect(ModelRoom room)
    {
        var pointer = room.Store.Pointer;
        foreach (var id in room.Store.KeptReleases().Where(id => id != pointer.Current && id != pointer.LastKnownGood && id != pointer.Previous))
            room.Store.ForgetRelease(id);
        var keep = new HashSet<string>(Kept(room), StringComparer.Ordinal);
        keep.UnionWith(room.KeptByOthers());
        room.Objects.Collect(keep);
    }
}
