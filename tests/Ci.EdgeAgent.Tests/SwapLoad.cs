using System.Diagnostics;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Updates;

namespace Ci.EdgeAgent.Tests;

/// <summary>
/// Many swaps between two real models under paced clients: rounds of swapping alternate with rounds of the same length without, so that both see the
/// same machine, whatever else it does. Every swap is the agent's own: load on the quiet thread, warm up, one pointer write, the old one retired
/// when its last call ends. The test and the benchmark run this same code.
/// </summary>
internal sealed class SwapLoad(GenerationSlot slot, IModelLoader loader, IReadOnlyList<string> models, Func<Task<bool>> ask)
{
    private const int WarmUps = 5;

    public int Clients { get; init; } = 64;

    public int Swaps { get; init; } = 1000;

    public int SwapsPerRound { get; init; } = 100;

    /// <summary>Between two requests of one client.</summary>
    public TimeSpan Think { get; init; } = TimeSpan.FromMilliseconds(40);

    public async Task<SwapFigures> RunAsync()
    {
        using var enough = new CancellationTokenSource();
        var (steady, swapping) = (new List<double>[Clients], new List<double>[Clients]);
        var (failed, phase) = (0, 0);
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            (steady[client], swapping[client]) = ([], []);
            await Task.Delay(Think * ((double)client / Clients));
            while (!enough.IsCancellationRequested)
            {
                var (began, where) = (Stopwatch.GetTimestamp(), Volatile.Read(ref phase));
                if (!await ask())
                    Interlocked.Increment(ref failed);
                // A request belongs to a round only if it began and ended in it.
                if (where != 0 && where == Volatile.Read(ref phase))
                    (where == 1 ? steady : swapping)[client].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                await Task.Delay(Think);
            }
        })).ToList();
        await Task.Delay(1000);

        var (swaps, pauses, memory) = (0, new List<double>(), new List<long>());
        while (swaps < Swaps)
        {
            var roundBegan = Stopwatch.GetTimestamp();
            Volatile.Write(ref phase, 2);
            for (var i = 0; i < SwapsPerRound && swaps < Swaps; i++, swaps++)
                pauses.Add(await SwapAsync(swaps));
            Volatile.Write(ref phase, 1);
            await Task.Delay(Stopwatch.GetElapsedTime(roundBegan));
            Volatile.Write(ref phase, 0);
            memory.Add(Resident());
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        return new SwapFigures(swaps, [.. steady.SelectMany(l => l)], [.. swapping.SelectMany(l => l)], failed, pauses, memory);
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
