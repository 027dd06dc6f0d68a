using Ci.EdgeAgent.Generations;
using Ci.Releases;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>
/// When the channel's roll-out comes to this device. Everything is computed from the signed-for channel, this device's name and group and its own
/// clock: no device knows how the others fare, so the promotion holds or kills a bad roll-out, and a disruption budget is kept by giving each
/// device a window of its own.
/// </summary>
internal static class RolloutRule
{
    /// <summary>Where the device stands in [0, 1): another place for every release, so that not always the same ones go first.</summary>
    public static double PlaceOf(string device, string release) => StableHash.ToUnit(StableHash.Of(device, StableHash.Of(release)));

    /// <summary>From when on the device may take the release; null where no wave ever holds it.</summary>
    /// <param name="rollout">The channel's.</param>
    /// <param name="release">The release's id.</param>
    /// <param name="device">This device's name.</param>
    /// <param name="group">Whose disruption budget it shares; empty: the whole fleet's.</param>
    public static DateTimeOffset? Opens(Rollout rollout, string release, string device, string group)
    {
        var place = PlaceOf(device, release);
        var start = rollout.Start;
        foreach (var wave in rollout.Waves)
        {
            if (place < wave.Share)
                return start + Jitter(rollout, release, device) + Window(rollout.Disruption, release, device, group);
            start += TimeSpan.FromMinutes(wave.SoakMinutes);
        }

        return rollout.Waves.Count == 0 ? start + Jitter(rollout, release, device) + Window(rollout.Disruption, release, device, group) : null;
    }

    /// <summary>Why the device does not take the release yet, in words; null where it may.</summary>
    public static string? WhyNotYet(Rollout? rollout, string release, string device, string group, DateTimeOffset now)
    {
        if (rollout is null)
            return null;
        if (Opens(rollout, release, device, group) is not { } opens)
            return $"the roll-out's waves end at {rollout.Waves[^1].Share:P0} of the devices, and this one stands at {PlaceOf(device, release):P1}: it waits for the channel to go on";
        return now < opens ? $"the roll-out comes to this device at {opens:u} (it stands at {PlaceOf(device, release):P1})" : null;
    }

    private static TimeSpan Jitter(Rollout rollout, string release, string device) =>
        TimeSpan.FromMinutes(rollout.JitterMinutes * StableHash.ToUnit(StableHash.Of(device, StableHash.Of("jitter" + release))));

    /// <summary>A group's devices fall evenly into 1 / share windows, one after another.</summary>
    private static TimeSpan Window(DisruptionBudget? budget, string release, string device, string group)
    {
        if (budget is null)
            return TimeSpan.Zero;
        var windows = Math.Ceiling(1 / budget.Share);
        var index = Math.Floor(windows * StableHash.ToUnit(StableHash.Of(device, StableHash.Of("window" + group + release))));
        return TimeSpan.FromMinutes(budget.WindowMinutes * index);
    }
}
