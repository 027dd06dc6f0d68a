using System.Diagnostics;
using System.Text.Json.Nodes;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Benchmarks.Inference;

/// <summary>One call of a tiny model through <see cref="SessionBinding"/>: time and allocated bytes, beside onnxruntime-node in the same run.</summary>
internal static class InferenceBenchmark
{
    private const int WarmUp = 2000;
    private const int Calls = 50_000;

    public static void Run(TextWriter report)
    {
        var root = Root();
        var model = Path.Combine(root, "tests", "Fixtures", "models", "breast-mlp-base.onnx");
        var (p50, p99, bytes) = Measure(model);
        var node = RunNode(root, model);
        report.WriteLine("| one row through breast-mlp-base | p50 µs | p99 µs | managed bytes a call |");
        report.WriteLine("| --- | ---: | ---: | ---: |");
        report.WriteLine($"| Ci.Onnx, SessionBinding | {p50:F1} | {p99:F1} | {bytes:F1} |");
        if (node is null)
            report.WriteLine("\nonnxruntime-node was not found (NODE_PATH or build/npm/node_modules): no comparison.");
        else
            report.WriteLine($"| onnxruntime-node | {(double)node["p50"]!:F1} | {(double)node["p99"]!:F1} | |\n\nonnxruntime-node takes {(double)node["p50"]! / p50:F1} times as long (p50).");
        var folder = Directory.CreateDirectory(Path.Combine(root, "artifacts", "bench")).FullName;
        var json = new JsonObject
        {
            ["model"] = "breast-mlp-base", ["calls"] = Calls, ["p50Us"] = p50, ["p99Us"] = p99, ["allocatedBytesPerCall"] = bytes,
            ["node"] = node, ["nodeRatioP50"] = node is null ? null : (double)node["p50"]! / p50,
        };
        File.WriteAllText(Path.Combine(folder, "inference.json"), json.ToJsonString());
    }

    private static (double P50, double P99, double Bytes) Measure(string model)
    {
        using var session = OnnxSession.Load(OnnxRuntime.Load(null, OnnxRuntimeLibrary.Environment), model);
        using var binding = session.Bind();
        var ticks = new long[Calls];
        for (var i = 0; i < WarmUp; i++)
            binding.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            binding.Input<float>(0)[0] = i;
            binding.Run();
            _ = binding.Output<float>(0)[0];
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Array.Sort(ticks);
        return (Microseconds(ticks[Calls / 2]), Microseconds(ticks[Calls * 99 / 100]), (double)allocated / Calls);
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static JsonNode? RunNode(string root, string model)
    {
        var modules = Environment.GetEnvironmentVariable("NODE_PATH") is { Length: > 0 } named ? named : Path.Combine(root, "build", "npm", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "onnxruntime-node")))
            return null;
        var start = new ProcessStartInfo("node", [Path.Combine(root, "tests", "Ci.Benchmarks", "Inference", "inference.cjs"), model]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["NODE_PATH"] = modules;
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonNode.Parse(text) : throw new InvalidOperationException($"node ended with {process.ExitCode}");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Ci.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no folder with Ci.sln above the program");
        return folder.FullName;
    }
}
