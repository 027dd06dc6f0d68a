using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Benchmarks.Serving;

/// <summary>What a bad release costs 64 clients of the whole agent: one whose golden set fails, and one that fails in its canary; and how soon an agent serves again.</summary>
internal static class RollbackBenchmark
{
    private const int Clients = 64;
    private const int BeforeItTurns = 300;
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(32);
    private static readonly CanarySettings Canary = new() { Steps = [0.2], StepSeconds = 60, LeastRequests = 1000 };

    public static async Task<JsonObject> RunAsync(TextWriter output)
    {
        using var deployment = new BenchmarkDeployment("load-mlp-base.int8");
        await deployment.PromoteAsync();
        var configuration = AgentConfigurationFile.Read(deployment.Configuration("rollback", pollSeconds: 0.1), new Dictionary<string, string>()) with { Canary = Canary };
        var runtime = OnnxRuntime.Load(configuration.OnnxRuntime, OnnxRuntimeLibrary.Environment, OnnxLoader.RuntimeOptionsOf(configuration));
        var loader = new Turncoat(new OnnxLoader(runtime, configuration));
        var world = new AgentWorld { Environment = OnnxRuntimeLibrary.Environment, Log = TextWriter.Null, Loader = _ => loader };
        var (golden, canary) = await UnderLoadAsync(deployment, configuration, world, loader);
        var again = await AgainAsync(deployment, configuration, world);
        var binary = await BinaryAsync(deployment);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            A golden set that fails under {Clients} clients: {golden.Failed} of {golden.Asked} requests failed.
            A canary at {Canary.Steps[0]:P0} that begins to fail: {canary.Back:F0} ms from its first wrong answer (evidence and verdict) until all requests go to the incumbent, {canary.Failed} of {canary.Asked} requests failed in between.
            An agent that is started serves after {again:F0} ms in this process{(binary is { } ms ? $", after {ms:F0} ms from the start of the published binary" : "; the binary is not published here")}.
            """));
        return new JsonObject { ["goldenFailed"] = golden.Failed, ["canaryBackMs"] = canary.Back, ["startMs"] = again, ["startBinaryMs"] = binary };
    }

    private static async Task<((int Asked, int Failed) Golden, (int Asked, int Failed, double Back) Canary)> UnderLoadAsync(BenchmarkDeployment deployment, AgentConfiguration configuration, AgentWorld world, Turncoat loader)
    {
        await using var agent = await Agent.StartAsync(configuration, world, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var loop = Task.Run(() => agent.RunAsync(stop.Token));
        await UntilAsync(() => agent.Status().Models[0].InSync);
        var (golden, canary) = await BadReleasesAsync(deployment, agent, loader);
        await stop.CancelAsync();
        await loop;
        return (golden, canary);
    }

    private static async Task<((int Asked, int Failed) Golden, (int Asked, int Failed, double Back) Canary)> BadReleasesAsync(BenchmarkDeployment deployment, Agent agent, Turncoat loader)
    {
        var slot = agent.Models[0].Served.Slot;
        await using var load = new Load(deployment, agent.Address);
        await UntilAsync(() => load.Asked > BeforeItTurns);

        var before = load.Counts;
        await deployment.PromoteAsync(2, goldenShift: 1000);
        await UntilAsync(() => agent.Status().Models[0].Refusals.Any(r => r.Code == "golden-mismatch"));
        var golden = load.Since(before);

        await deployment.PromoteAsync(3);
        await UntilAsync(() => slot.Candidate is not null);
        before = load.Counts;
        await UntilAsync(() => load.Since(before).Asked > BeforeItTurns);
        before = load.Counts;
        loader.Turn();
        await UntilAsync(() => slot.Candidate is null);
        var back = Stopwatch.GetElapsedTime(loader.FirstWrong).TotalMilliseconds;
        await UntilAsync(() => agent.Status().Models[0].Refusals.Any(r => r.Code == "canary-breach"));
        var canary = load.Since(before);
        return (golden, (canary.Asked, canary.Failed, back));
    }

    /// <summary>Milliseconds from nothing to the first answer.</summary>
    private static async Task<double> AgainAsync(BenchmarkDeployment deployment, AgentConfiguration configuration, AgentWorld world)
    {
        var began = Stopwatch.GetTimestamp();
        await using var agent = await Agent.StartAsync(configuration, world, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(agent.Address) };
        while (!await AskAsync(http, deployment))
            await Task.Delay(1);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<double?> BinaryAsync(BenchmarkDeployment deployment)
    {
        if (!File.Exists(RepositoryRoot.At("artifacts", "bin", "edge-agent")))
            return null;
        var began = Stopwatch.GetTimestamp();
        using var server = await ServerProcess.AgentAsync(deployment.Configuration("rollback"), deployment.InferPath);
        using var http = new HttpClient { BaseAddress = server.Address };
        while (!await AskAsync(http, deployment))
            await Task.Delay(1);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<bool> AskAsync(HttpClient http, BenchmarkDeployment deployment)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(deployment.RequestBody));
        using var answer = await http.PostAsync(deployment.InferPath, content);
        return answer.IsSuccessStatusCode;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var began = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(1))
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > 60)
                throw new InvalidOperationException("the agent did not come to what was waited for");
        }
    }

    /// <summary>Clients that ask all along, and how it went.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource enough = new();
        private readonly HttpClient http;
        private readonly List<Task> clients;
        private int asked;
        private int failed;

        public Load(BenchmarkDeployment deployment, string address)
        {
            http = new HttpClient { BaseAddress = new Uri(address) };
            clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            {
                var random = new Random(client);
                while (!enough.IsCancellationRequested)
                {
                    await Task.Delay(Think * (0.5 + random.NextDouble()), CancellationToken.None);
                    if (!await AskAsync(http, deployment))
                        Interlocked.Increment(ref failed);
                    Interlocked.Increment(ref asked);
                }
            }))];
        }

        public int Asked => Volatile.Read(ref asked);

        public (int Asked, int Failed) Counts => (Volatile.Read(ref asked), Volatile.Read(ref failed));

        public (int Asked, int Failed) Since((int Asked, int Failed) before) => (Counts.Asked - before.Asked, Counts.Failed - before.Failed);

        public async ValueTask DisposeAsync()
        {
            await enough.CancelAsync();
            await Task.WhenAll(clients);
            enough.Dispose();
            http.Dispose();
        }
    }
}
