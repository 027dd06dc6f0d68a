using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Isolation;
using Ci.EdgeAgent.Tests;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Benchmarks.Serving;

/// <summary>A thousand swaps under 64 clients: beside the listener, through it, and with each generation in a process of its own; and what a call costs there.</summary>
internal static class SwapBenchmark
{
    private const int Calls = 3000;

    /// <summary>The clients share the cores with the agent: at a faster pace both would wait for the processor alone, swap or not.</summary>
    private static readonly TimeSpan BelowSaturation = TimeSpan.FromMilliseconds(32);
    private static readonly string[] Models = [.. new[] { "load-mlp-base.int8", "load-mlp-cont.int8" }.Select(m => RepositoryRoot.At("tests", "Fixtures", "models", m + ".onnx"))];

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        using var deployment = new BenchmarkDeployment("load-mlp-base.int8");
        await deployment.PromoteAsync();
        var configuration = AgentConfigurationFile.Read(deployment.Configuration("swap"), new Dictionary<string, string>());
        var world = new AgentWorld { Environment = OnnxRuntimeLibrary.Environment, Log = TextWriter.Null };
        var loader = new OnnxLoader(OnnxRuntime.Load(configuration.OnnxRuntime, world.Environment, OnnxLoader.RuntimeOptionsOf(configuration)), configuration);
        var children = new ChildLoader(configuration, world);
        var swaps = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1000;
        var figures = new List<(string Where, SwapFigures Figures)>
        {
            ("in process", await InProcessAsync(loader, swaps)),
            ("through the listener", await ListenerAsync(deployment, configuration, world, loader, swaps)),
            ("in child processes", await InProcessAsync(children, Math.Min(swaps, 40))),
        };
        await output.WriteLineAsync("| where | swaps | requests | failed | p50 ms steady, swapping | p99 ms steady, swapping | ratio (quartiles) | longest pause ms | memory growth MB over the last nine tenths |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (where, f) in figures)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {where} | {f.Swaps} | {f.Requests} | {f.Failed} | {f.SteadyP50:F3}, {f.SwappingP50:F3} | {f.SteadyP99:F2}, {f.SwappingP99:F2} | {f.Ratio:F2} ({f.RatioAt(0.25):F2} to {f.RatioAt(0.75):F2}) | {f.LongestPauseMs:F3} | {f.GrowthMb:F1} |"));
        var (here, there) = (CallMicroseconds(loader), CallMicroseconds(children));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\nOne call, one caller: {here.P50:F1} µs in process (p99 {here.P99:F1}), {there.P50:F1} µs in a child (p99 {there.P99:F1}): {there.P50 - here.P50:F1} µs more at the median."));
        Results.Write("swap", new JsonObject
        {
            ["runs"] = new JsonArray([.. figures.Select(f => (JsonNode)new JsonObject { ["where"] = f.Where, ["failed"] = f.Figures.Failed, ["ratio"] = f.Figures.Ratio, ["pauseMs"] = f.Figures.LongestPauseMs, ["growthMb"] = f.Figures.GrowthMb })]),
            ["rollback"] = await RollbackBenchmark.RunAsync(output),
            ["callMicroseconds"] = new JsonObject { ["inProcess"] = here.P50, ["child"] = there.P50 },
        });
    }

    private static async Task<SwapFigures> InProcessAsync(IModelLoader loader, int swaps)
    {
        using var slot = new GenerationSlot();
        slot.Swap(new Generation(loader.Load(Models[1]), "load", "r", "0.0.0"));
        return await new SwapLoad(slot, loader, Models, () => Task.FromResult(Ask(slot))) { Swaps = swaps }.RunAsync();
    }

    private static async Task<SwapFigures> ListenerAsync(BenchmarkDeployment deployment, AgentConfiguration configuration, AgentWorld world, IModelLoader loader, int swaps)
    {
        await using var agent = await Agent.StartAsync(configuration, world, CancellationToken.None);
        var slot = agent.Models[0].Served.Slot;
        slot.Swap(new Generation(loader.Load(Models[1]), "bench", "r", "0.0.0"));
        using var http = new HttpClient { BaseAddress = new Uri(agent.Address) };
        var body = Encoding.UTF8.GetBytes(deployment.RequestBody);
        return await new SwapLoad(slot, loader, Models, async () =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var answer = await http.PostAsync(deployment.InferPath, content);
            return answer.IsSuccessStatusCode;
        })
        { Swaps = swaps, Think = BelowSaturation }.RunAsync();
    }

    private static (double P50, double P99) CallMicroseconds(IModelLoader loader)
    {
        using var slot = new GenerationSlot();
        slot.Swap(new Generation(loader.Load(Models[0]), "load", "r", "0.0.0"));
        var took = new List<double>(Calls);
        for (var i = 0; i < Calls; i++)
        {
            var began = Stopwatch.GetTimestamp();
            Ask(slot);
            if (i >= Calls / 10)
                took.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        return (SwapFigures.Quantile(took, 0.5), SwapFigures.Quantile(took, 0.99));
    }

    private static bool Ask(GenerationSlot slot)
    {
        if (slot.Lease() is not { } generation)
            return false;
        var call = generation.RentCall();
        try
        {
            var width = (int)generation.Instance.Inputs[0].Shape[^1];
            var features = call.Take<float>(0, width);
            Array.Fill(features, 0.5f);
            call.Values[0] = call.Value(0, features, [1, width]);
            return call.Run()[0].Count > 0;
        }
        catch (OnnxException)
        {
            return false;
        }
        finally
        {
            generation.ReturnCall(call);
            generation.GiveBack();
        }
    }
}
