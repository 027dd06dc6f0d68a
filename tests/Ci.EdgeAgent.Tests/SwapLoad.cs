using System.Diagnostics;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Updates;

namespace Ci.EdgeAgent.Tests;

/// <summary>
/// Many swaps between two real models under paced clients. Every round is a stretch of swapping, one swap after the other without a rest, and a stretch of
/// the same length without, in turns the one first and the other: each round is judged by itself, so that whatever else the machine does meets both.
/// Every swap is the agent's own: load on the quiet thread, warm up, one pointer write, the old one retired when its last call ends. The
/// test and the benchmark run this same code.
/// </summary>
internal sealed class SwapLoad(GenerationSlot slot, IModelLoader loader, IReadOnlyList<string> models, Func<Task<bool>> ask)
{
    private const int WarmUps = 5;
    private int phase;
    private int failed;
    private int swaps;

    public int Clients { get; init; } = 64;

    public int Swaps { get; init; } = 1000;

    public int Rounds { get; init; } = 20;

    /// <summary>Between two requests of one client, half of it more or less: clients that come together would wait for each other.</summary>
    public TimeSpan Think { get; init; } = TimeSpan.FromMilliseconds(8);

    public async Task<SwapFigures> RunAsync()
    {
        using var enough = new CancellationTokenSource();
        var took = Enumerable.Range(0, Clients).Select(_ => new[] { new List<double>(4096), new List<double>(4096) }).ToList();
        var clients = took.Select((lists, client) => Task.Run(() => AskAsync(client, lists, enough.Token))).ToList();
        await Task.Delay(1000);
        var (pauses, memory, rounds) = (new List<double>(), new List<long>(), new List<SwapRound>());
        for (var length = TimeSpan.FromSeconds(0.5); rounds.Count < Rounds;)
        {
            var swapsFirst = rounds.Count % 2 == 0;
            if (!swapsFirst)
                await SteadyAsync(length);
            length = await SwapsAsync(Swaps / Rounds, pauses);
            if (swapsFirst)
                await SteadyAsync(length);
            rounds.Add(SwapRound.Of(Taken(took, 0), Taken(took, 1)));
            memory.Add(Resident());
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        return new SwapFigures(swaps, rounds, failed, pauses, memory);
    }

    private async Task AskAsync(int client, List<double>[] took, CancellationToken enough)
    {
        var random = new Random(client);
        await Task.Delay(Think * random.NextDouble(), CancellationToken.None);
        while (!enough.IsCancellationRequested)
        {
            var (began, where) = (Stopwatch.GetTimestamp(), Volatile.Read(ref phase));
            if (!await ask())
                Interlocked.Increment(ref failed);
            var ended = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

            // A request belongs to a stretch only if it began and ended in it.
            lock (took)
            {
                if (where != 0 && where == Volatile.Read(ref phase))
                    took[where - 1].Add(ended);
            }

            await Task.Delay(Think * (0.5 + random.NextDouble()), CancellationToken.None);
        }
    }

    private async Task SteadyAsync(TimeSpan length)
    {
        Volatile.Write(ref phase, 1);
        await Task.Delay(length);
        Volatile.Write(ref phase, 0);
    }

    /// <summary>How long it took: until the round's swaps are done and the stretch is long enough.</summary>
    private async Task<TimeSpan> SwapsAsync(int count, List<double> pauses)
    {
        var began = Stopwatch.GetTimestamp();
        Volatile.Write(ref phase, 2);
        for (var i = 0; i < count; i++)
            pauses.Add(await SwapAsync(swaps++));
        Volatile.Write(ref phase, 0);
        return Stopwatch.GetElapsedTime(began);
    }

    private static List<double> Taken(List<List<double>[]> took, int which)
    {
        var all = new List<double>();
        foreach (var client in took)
        {
            lock (client)
            {
                all.AddRange(client[which]);
                client[which].Clear();
            }
        }

        return all;
    }

    /// <summary>Milliseconds for which the pointer write held its thread.</summary>
    private async Task<double> SwapAsync(int number)
    {
        var old = slot.Current!;
        var next = loader.LoadsElsewhere ? await Task.Run(Warm) : await QuietThread.RunAsync(Warm);
        var began = Stopwatch.GetTimestamp();
        slot.Swap(next);
        var pause = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await old.Gone;
        return pause;

        Generation Warm()
        {
            var loaded = new Generation(loader.Load(models[number % models.Count]), old.Model, $"r{number}", $"{number}.0.0");
            var call = loaded.RentCall();
            for (var i = 0; i < call.Inputs.Count; i++)
            {
                long[] shape = [.. loaded.Instance.Inputs[i].Shape.Select(d => Math.Max(1, d))];
                call.Values[i] = call.Value(i, call.Take<float>(i, (int)shape.Aggregate(1L, (a, b) => a * b)), shape);
            }

            for (var i = 0; i < WarmUps; i++)
                call.Run();
            loaded.Prime(old, call.Values);
            loaded.ReturnCall(call);
            return loaded;
        }
    }

    /// <summary>Resident memory after a full collection: what stays, not what the collector has not looked at yet.</summary>
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        MemoryRoom.Trim();
        return Environment.WorkingSet;
    }
}
