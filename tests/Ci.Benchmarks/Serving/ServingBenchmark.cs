using System.Text.Json.Nodes;

namespace Ci.Benchmarks.Serving;

/// <summary>
/// The published agent beside a Node server over the same ONNX Runtime: one row a request, keep-alive clients, both servers taking turns on the
/// same machine, which the load generator shares. Then what the agent costs when nobody asks.
/// </summary>
internal static class ServingBenchmark
{
    private const int Rounds = 3;
    private const double IdleSeconds = 30;

    // The golden gate, the first poll, and the compiler's second tier of what runs once a second.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(75);
    private static readonly string[] Models = ["breast-mlp-base", "load-mlp-base.int8"];
    private static readonly int[] Clients = [1, 8, 64];
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1.5);

    /// <param name="report">Where the tables go.</param>
    /// <param name="models">Model names, or <c>--idle</c> alone for the cost at rest; <c>--against FILE</c> before them puts another agent's binary in the place of the joining one.</param>
    public static async Task RunAsync(TextWriter report, string[] models)
    {
        string? other = null;
        if (models is ["--against", var file, ..])
            (other, models) = (Path.GetFullPath(file), models[2..]);
        var figures = new JsonObject();
        if (models is ["--idle"])
        {
            using var resting = new BenchmarkDeployment(Models[0]);
            await resting.PromoteAsync();
            await IdleAsync(report, resting);
            return;
        }

        foreach (var model in models.Length > 0 ? models : Models)
        {
            using var deployment = new BenchmarkDeployment(model);
            await deployment.PromoteAsync();
            figures[model] = new JsonObject { ["load"] = await LoadAsync(report, model, deployment, other), ["inProcess"] = await OwnAsync(report, deployment) };
            if (figures["idle"] is null)
                figures["idle"] = await IdleAsync(report, deployment);
        }

        Results.Write("serving", figures);
    }

    private static async Task<JsonArray> LoadAsync(TextWriter report, string model, BenchmarkDeployment deployment, string? other)
    {
        using var agent = await ServerProcess.AgentAsync(deployment.Configuration("load"), deployment.InferPath);
        using var joining = other is null
            ? await ServerProcess.AgentAsync(deployment.Configuration("joined", batchRows: 32), deployment.InferPath)
            : await ServerProcess.AgentAsync(deployment.Configuration("other"), deployment.InferPath, other);
        using var node = await ServerProcess.NodeAsync(deployment.ModelFile);
        var third = other is null ? "joining up to 32 rows" : Path.GetFileName(other);
        await report.WriteLineAsync($"\n| {model}, clients | edge-agent requests/s | p50 µs | p99 µs | {third}: requests/s | p50 µs | p99 µs | Node requests/s | p50 µs | p99 µs | requests/s, agent to Node | p99, Node to agent |");
        await report.WriteLineAsync("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var rows = new JsonArray();
        foreach (var clients in Clients)
            rows.Add(await RowAsync(report, clients, await TurnsAsync(deployment, clients, agent, joining, node)));
        if (node is null)
            await report.WriteLineAsync("\nonnxruntime-node was not found (NODE_PATH or build/npm/node_modules): no comparison.");
        return rows;
    }

    /// <summary>All servers in turn, so that whatever else the machine does meets each of them.</summary>
    private static async Task<(double Rate, double P50, double P99)?[]> TurnsAsync(BenchmarkDeployment deployment, int clients, params ServerProcess?[] servers)
    {
        var seen = servers.Select(_ => new List<(List<double>, double)>()).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < servers.Length; i++)
            {
                if (servers[i] is not { } server)
                    continue;
                var turn = await LoadGenerator.RunAsync(server.Address, deployment.InferPath, deployment.RequestBody, clients, Turn);
                if (round >= 0) // the first round warms all up
                    seen[i].Add(turn);
            }
        }

        return [.. seen.Select(s => s.Count == 0 ? ((double, double, double)?)null : Summary(s))];
    }

    private static async Task<JsonObject> RowAsync(TextWriter report, int clients, (double Rate, double P50, double P99)?[] servers)
    {
        var (agent, node) = (servers[0]!.Value, servers[2]);
        var compared = node is { } n ? $"{agent.Rate / n.Rate:F2} | {n.P99 / agent.P99:F2}" : "| ";
        await report.WriteLineAsync($"| {clients} | {string.Join(" | ", servers.Select(s => s is { } m ? $"{m.Rate:F0} | {m.P50:F0} | {m.P99:F0}" : "| | "))} | {compared} |");
        return new JsonObject { ["clients"] = clients, ["agent"] = Json(agent), ["joining"] = Json(servers[1]!.Value), ["node"] = node is { } m ? Json(m) : null };
    }

    private static JsonObject Json((double Rate, double P50, double P99) s) => new() { ["requestsPerSecond"] = s.Rate, ["p50Us"] = s.P50, ["p99Us"] = s.P99 };

    private static (double Rate, double P50, double P99) Summary(List<(List<double> Microseconds, double Seconds)> turns)
    {
        var all = turns.SelectMany(t => t.Microseconds).Order().ToList();
        return (all.Count / turns.Sum(t => t.Seconds), all[all.Count / 2], all[(int)(all.Count * 0.99)]);
    }

    private static async Task<JsonObject> OwnAsync(TextWriter report, BenchmarkDeployment deployment)
    {
        var own = await InProcess.MeasureAsync(deployment);
        await report.WriteLineAsync(FormattableString.Invariant(
            $"\nIn process, p50: bare session {(double)own["bareP50Us"]!:F1} µs; decode, run, encode {(double)own["callP50Us"]!:F1} µs (adds {(double)own["callOverheadP50Us"]!:F1}) and {(double)own["callBytes"]!:F0} managed bytes; over the listener and loopback {(double)own["loopbackP50Us"]!:F1} µs and {(double)own["loopbackBytes"]!:F0} managed bytes a request."));
        return own;
    }

    private static async Task<JsonObject> IdleAsync(TextWriter report, BenchmarkDeployment deployment)
    {
        var (quiet, resident) = await IdleCostAsync(deployment.Configuration("idle"), deployment.InferPath);
        var (polling, _) = await IdleCostAsync(deployment.Configuration("polling", pollSeconds: 1), deployment.InferPath);
        var poll = Math.Max(0, polling - quiet);
        var percent = (quiet + (poll / 60)) * 100;
        await report.WriteLineAsync(FormattableString.Invariant(
            $"\nIdle: at most {resident:F1} MiB resident; {quiet * 100:F2} % of a core between polls, {poll * 1000:F0} ms of processor a poll with its git processes, so {percent:F2} % at one poll a minute."));
        return new JsonObject { ["residentMiB"] = resident, ["quietPercent"] = quiet * 100, ["pollMs"] = poll * 1000, ["percentAtOnePollAMinute"] = percent };
    }

    /// <summary>Processor seconds a second, and the most resident MiB that were seen.</summary>
    private static async Task<(double Share, double ResidentMiB)> IdleCostAsync(string configuration, string inferPath)
    {
        using var agent = await ServerProcess.AgentAsync(configuration, inferPath);
        await Task.Delay(Settling);
        var (before, resident) = (agent.ProcessorSeconds, 0.0);
        for (var second = 0; second < IdleSeconds; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            resident = Math.Max(resident, agent.ResidentMiB);
        }

        return ((agent.ProcessorSeconds - before) / IdleSeconds, resident);
    }
}
