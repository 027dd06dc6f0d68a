using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Tests;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;
using Ci.Testing;
namespace Ci.Benchmarks.Serving;
#pragma warning disable
internal static class SwapProbe
{
    [StructLayout(LayoutKind.Sequential)] struct M2 { public nuint arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost; }
    [DllImport("libc")] static extern M2 mallinfo2();
    [DllImport("libc")] static extern int malloc_info(int o, nint f);
    private static readonly string[] Models = [.. new[] { "load-mlp-base.int8", "load-mlp-cont.int8" }.Select(m => RepositoryRoot.At("tests", "Fixtures", "models", m + ".onnx"))];
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        using var deployment = new BenchmarkDeployment("load-mlp-base.int8");
        await deployment.PromoteAsync();
        var configuration = AgentConfigurationFile.Read(deployment.Configuration("swap"), new Dictionary<string, string>());
        var world = new AgentWorld { Environment = OnnxRuntimeLibrary.Environment, Log = TextWriter.Null };
        var loader = new OnnxLoader(OnnxRuntime.Load(configuration.OnnxRuntime, world.Environment, OnnxLoader.RuntimeOptionsOf(configuration)), configuration);
        using var slot = new GenerationSlot();
        slot.Swap(new Generation(loader.Load(Models[1]), "load", "r", "0.0.0"));
        var n = int.Parse(arguments[0]);
        for (var i = 0; i < 20; i++)
        {
            for (var k = 0; k < n / 20; k++)
            {
                var old = slot.Current!;
                var next = await QuietThread.RunAsync(() => { var g = new Generation(loader.Load(Models[k % 2]), "load", $"r{k}", $"{k}.0.0"); var c = g.RentCall(); c.Values[0] = c.Value(0, c.Take<float>(0, (int)g.Instance.Inputs[0].Shape[^1]), [1, g.Instance.Inputs[0].Shape[^1]]); c.Run(); g.ReturnCall(c); return g; });
                slot.Swap(next);
                await old.Gone;
            }
            Report(output, (i + 1) * n / 20);
        }
    }
    public static void Report(TextWriter output, int at)
    {
        GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(2, GCCollectionMode.Aggressive, true, true); MemoryRoom.Trim();
        var m = mallinfo2(); var g = GC.GetGCMemoryInfo();
        var smaps = File.ReadAllLines("/proc/self/smaps_rollup").Where(l => l.StartsWith("Rss") || l.StartsWith("Anonymous")).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        output.WriteLine($"{at}: ws {Environment.WorkingSet / 1e6:F2} rss/anon kB {string.Join('/', smaps)} gc committed {g.TotalCommittedBytes / 1e6:F2} heap {GC.GetTotalMemory(false) / 1e6:F2} malloc arena {m.arena / 1e6:F2} used {m.uordblks / 1e6:F2} free {m.fordblks / 1e6:F2} mmap {m.hblkhd / 1e6:F2} methods {System.Runtime.JitInfo.GetCompiledMethodCount()} threads {Process.GetCurrentProcess().Threads.Count}");
    }
}
