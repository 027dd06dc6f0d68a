using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>
/// Loads the candidate beside the current generation, which goes on serving; or, where so configured, after unloading it. What was begun too often
/// without an end is not begun again.
/// </summary>
internal sealed class LoadStep(ModelRoom room) : IUpdateStep
{
    /// <summary>So many ends of the process without a word, between Load and Commit, are the candidate's fault until proven otherwise.</summary>
    public const int MostAttempts = 5;

    private static readonly TimeSpan LeasePatience = TimeSpan.FromSeconds(30);

    public AgentState State => AgentState.Load;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        if (room.Store.State.Progress is { } progress && progress.Attempts > MostAttempts)
            return new StepResult(StepOutcome.Refused, $"the agent ended {progress.Attempts - 1} times while it tried {update.Version}", SoakStep.CrashCode);
        var swap = room.Configuration.Swap;
        if (swap.IsPreserving)
            await UnloadAsync(room);
        var release = update.Verified!.Release;
        var needed = room.LoadMemory.Needed(SideFiles.WeightBytes(release), release.Limits.MaxPeakMemoryBytes) + swap.KeepFreeBytes;
        if (Free(needed) is { } free && free < needed)
        {
            var how = room.LoadMemory.IsMeasured ? "as measured when it was loaded here before" : "by the size of its file";
            return new StepResult(StepOutcome.Unavailable, $"{update.Version} needs about {needed >> 20} MiB of memory beside what serves ({how}); {free >> 20} MiB are free: make room, or set `swap.mode` to \"preserve\"");
        }

        update.ResidentBefore = Environment.WorkingSet;
        update.Generation = room.Loader.LoadsElsewhere ? Installed.Load(room, release) : await QuietThread.RunAsync(() => Installed.Load(room, release));
        return StepResult.Done($"{update.Version} is loaded on {update.Generation.Instance.Provider}");
    }

    /// <summary>What is free; where that is too little, with what the C library still keeps of models that are gone.</summary>
    private static long? Free(long needed)
    {
        if (MemoryRoom.Free() is var free && (free is null || free >= needed))
            return free;
        MemoryRoom.Trim();
        return MemoryRoom.Free();
    }

    /// <summary>Nothing serves from here on; returns when the memory is free, or requests under way keep it for too long.</summary>
    public static async Task UnloadAsync(ModelRoom room)
    {
        if (room.Served.Slot.Current is not { } current)
            return;
        room.Happened(Ci.Releases.TelemetryEventKind.State, "unloading what serves, to make room (swap.mode is preserve): requests are answered 503 until the next generation serves", release: current.Release, version: current.Version);
        room.Served.Slot.Swap(null);
        try
        {
            await current.Gone.WaitAsync(LeasePatience, room.Time);
            MemoryRoom.Trim();
        }
        catch (TimeoutException)
        {
            // A stuck request keeps its memory; the check that follows sees whether there is enough.
        }
    }
}
