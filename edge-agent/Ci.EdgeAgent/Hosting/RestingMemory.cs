using Ci.EdgeAgent.Generations;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Gives back what only starting, swapping and a rush of requests needed, and only while nobody asks: garbage, the C heap's spare pages, and the
/// pages of code that will not run again soon. After each change of what serves, and then a minute later and then every ten where a twentieth came back.
/// The next request pays some page faults, not a collection.
/// </summary>
internal sealed class RestingMemory(Agent agent, TimeProvider time)
{
    /// <summary>How long nobody must have asked for anything.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <summary>The first poll and the compiler's second tier come within a minute of a change. Giving back costs about 40 ms of processor time: not more often than that.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    private (IReadOnlyList<Generation?> Serving, long At, long Bytes, TimeSpan Again)? given;
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
        var isNew = given is not { } last || !now.Serving.SequenceEqual(last.Serving);
        given = (now.Serving, time.GetTimestamp(), Environment.WorkingSet, isNew ? Soon : Later);
    }

    private bool IsWorth(List<Generation?> serving) =>
        given is not { } last || !serving.SequenceEqual(last.Serving) || (time.GetElapsedTime(last.At) >= last.Again && Environment.WorkingSet > last.Bytes / 20 * 21);
}
