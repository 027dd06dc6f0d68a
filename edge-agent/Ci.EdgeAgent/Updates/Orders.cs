using Ci.EdgeAgent.Rollouts;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>What operator and channel ask beyond a release: stop, go back, wait.</summary>
internal static class Orders
{
    /// <summary>A stop that only the channel ends.</summary>
    public const string ChannelKillCode = "channel-kill";

    public static bool IsStopped(ModelRoom room) => room.Store.Damage is null && (room.Store.State.State == AgentState.Killed || room.Orders().Killed);

    /// <summary>In safe mode nothing is written, so a stop is held by the order alone.</summary>
    /// <returns>Whether it is stopped now.</returns>
    public static bool HoldSafeMode(ModelRoom room, bool stopped)
    {
        var killed = room.Orders().Killed;
        if (killed && !stopped)
            Stop(room, "an operator stopped the model");
        else if (!killed && stopped)
            _ = Restart.ServeFromDisk(room);
        return killed;
    }

    /// <summary>The channel's own stop and its roll-out come after its place and its sequence held, and before anything is fetched.</summary>
    public static StepResult AfterResolve(ModelRoom room, Update update, StepResult result)
    {
        if (update.Channel is not { } channel)
            return result;
        if (channel.Kill)
            return new StepResult(StepOutcome.KillAsked, $"the channel stops the model: {channel.KillReason ?? "no reason is given"}", ChannelKillCode);

        return result.Outcome == StepOutcome.Done && WhyNotYet(room, channel, update.Candidate!.Release) is { } why ? new StepResult(StepOutcome.Held, why) : result;
    }

    /// <summary>Why the roll-out has not come to this device; null where it has.</summary>
    public static string? WhyNotYet(ModelRoom room, Channel channel, string release)
    {
        // Who serves nothing has nothing to lose, and a pinned device is told what to run one by one.
        var pinned = release != channel.Release.Hex || room.Orders().Pin is not null;
        return pinned || room.Store.Pointer.Current is null
            ? null
            : RolloutRule.WhyNotYet(channel.Rollout, release, room.Configuration.Device, room.Configuration.Rollout.Group, room.Time.GetUtcNow());
    }

    /// <summary>Nothing serves from here on.</summary>
    public static void Stop(ModelRoom room, string words)
    {
        var current = room.Served.Slot.Current;
        room.Served.Slot.Swap(null);
        room.Served.Board.Change(s => s with { Serving = null });
        room.Happened(TelemetryEventKind.State, $"stopped: {words}; nothing serves", "killed", current?.Release, current?.Version);
    }

    /// <summary>Why a stopped model may serve again; null where it may not. A channel out of reach ends nothing that a channel began.</summary>
    public static async Task<string?> WhyServeAgainAsync(ModelRoom room, CancellationToken ct)
    {
        if (room.Orders().Killed)
            return null;
        var channel = await new ChannelWatch(room).LookAsync(ct);
        return channel is { Kill: true } || (channel is null && room.Store.State.KilledByChannel) ? null : "neither operator nor channel stops the model any more";
    }

    /// <summary>The way back that an operator asked for; null, and the order is done with, where there is nothing to go back to.</summary>
    public static StepResult? RollBackFrom(ModelRoom room, Update update)
    {
        var pointer = room.Store.Pointer;
        if (pointer.Current is not { } current || RollBackStep.TargetOf(pointer, current) is null)
        {
            room.RollBackDone();
            room.Happened(TelemetryEventKind.State, "an operator asked to go back, but no release before this one is on the device");
            return null;
        }

        // The entry that brought the release is refused with it, or the next look at the channel would bring it again.
        if (update.Candidate?.Release != current)
            update.Candidate = new Candidate(current, "", pointer.Sequence);
        update.Version = room.Served.Slot.Current?.Version;
        return new StepResult(StepOutcome.RollBackAsked, "an operator asked for the release before", RollBackStep.OperatorCode);
    }
}
