using Ci.EdgeAgent.Generations;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Gives back what only starting, swapping and a rush of requests needed, and only while nobody asks: garbage, the C heap's spare pages, and the
/// pages of code that will not run again soon. After each change of what serves, and then at most once a minute where a twentieth came back.
/// The next request pays some page faults, not a collection.
/// </summary>
internal sealed class RestingMemory(Agent agent, TimeProvider time)
{
    /// <summary>How long nobody must have asked for anything.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private (IReadOnlyList<Generation?> Serving, long At, long Bytes)? given;
    private (IReadOnlyList<Generation?> Serving, long Requests) seen = ([], -1);

    /// <summary>How often memory was given back.</summary>
    public int Times { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Quiet, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                Look();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping gives everything back.
        }
    }

    /// <summary>One look: gives back when what serves is new, no update is under way, and nobody asked since the last look.</summary>
    public void Look()
    {
        var now = (Serving: agent.Models.Select(m => m.Served.Slot.Current).ToList(), Requests: agent.Models.Sum(m => m.Served.Counters.All));
        var isQuiet = now.Requests == seen.Requests && now.Serving.SequenceEqual(seen.Serving) && agent.Models.All(m => m.IsResting);
        seen = now;
        if (!isQuiet || !IsWorth(now.Serving))
            return;
        Times++;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        MemoryRoom.Trim();
        ColdCode.Forget();
        given = (now.Serving, time.GetTimestamp(), Environment.WorkingSet);
    }

    private bool IsWorth(List<Generation?> serving) =>
        given is not { } last || !serving.SequenceEqual(last.Serving) || (time.GetElapsedTime(last.At) >= Again && Environment.WorkingSet > last.Bytes / 20 * 21);
}
