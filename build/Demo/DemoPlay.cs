using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ci.Build.Tools;

namespace Ci.Build.Demo;

/// <summary>The main job, from a CSV file to a device that serves, refuses and reports: every step is a claim that must hold.</summary>
internal sealed class DemoPlay(DemoWorld world, DemoClock clock, string output)
{
    private const string GoldenFromData = "--golden-data data/test.csv";

    private readonly Author author = new(world);
    private readonly Delivery delivery = new(world);
    /// <summary>One inference request (Open Inference Protocol, JSON) that the served model answers.</summary>
    public string Question { get; private set; } = "";

    public DemoResult Result { get; } = new();

    public AgentProcess? Agent { get; private set; }

    public async Task RunAsync()
    {
        await clock.StepAsync("scaffold the model repository and the deploy repository; start the agent", this.ScaffoldAsync);
        var v1 = await this.ProposeAsync("v1", "a linear model", parameters => parameters, merge: true);
        await clock.StepAsync("v1 is released and promoted to production; the agent fetches, verifies and serves it", () => this.FirstDeliveryAsync(v1));
        var v2 = await this.ProposeAsync("v2", "boosted trees", UseBoostedTrees, merge: true);
        await clock.StepAsync("v2 is promoted; the agent swaps it in under load", () => this.SwapUnderLoadAsync(v2));
        await this.ProposeAsync("v3", "boosted trees without their lags", WithoutLags, merge: false);
        var v4 = await this.ProposeAsync("v4", "ten more trees", parameters => Trees(parameters, 510), merge: true);
        await clock.StepAsync("v4 is damaged in the blob store after signing: the agent refuses it", () => this.DamagedAsync(v4));
        var v5 = await this.ProposeAsync("v5", "twenty more trees", parameters => Trees(parameters, 520), merge: true);
        await clock.StepAsync("v5 is validly signed, but its golden set fails on the device: the agent refuses it", () => this.GoldenFailsAsync(v5));
        await clock.StepAsync("telemetry comes back through the mailbox", this.TelemetryAsync);
    }

    private static string UseBoostedTrees(string parameters) => Replace(parameters, @"(?m)^(\s+kind:\s*)\S+", "${1}boosted-trees");

    private static string WithoutLags(string parameters) => Replace(parameters, @"(?m)^(\s+exclude:\s*).*$", "${1}[\"lag_*\"]");

    private static string Trees(string parameters, int count) =>
        Replace(parameters, @"(?m)^(\s+iterations:\s*)\d+", "${1}" + count.ToString(CultureInfo.InvariantCulture));

    private static string Replace(string text, string pattern, string replacement)
    {
        var changed = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).Replace(text, replacement, 1);
        return changed != text ? changed : throw new BuildException($"params.yaml has nothing that matches {pattern}");
    }

    private async Task ScaffoldAsync()
    {
        await this.author.ScaffoldAsync();
        this.Agent = await AgentProcess.StartAsync(world);
        clock.Say($"the forge listens on {world.Forge.ServerUrl}, the agent on {this.Agent.Address}, following production");
    }

    private async Task<Proposal> ProposeAsync(string version, string what, Func<string, string> edit, bool merge)
    {
        Proposal? proposal = null;
        await clock.StepAsync($"{version}, {what}: trained, evaluated, proposed, {(merge ? "judged and merged" : "and stopped by the gate")}", async () =>
        {
            proposal = await this.author.ProposeAsync(version, $"{version}: {what}", edit);
            await File.WriteAllTextAsync(Path.Combine(output, $"comment-{version}.md"), proposal.Comment);
            clock.Say(Headline(proposal.Comment));
            if (version is "v1" or "v2" or "v3")
                this.Result.Metrics[version] = Metrics(proposal);
            if (merge)
            {
                clock.Claim(proposal.Outcome == "pass", $"the gate says pass on pull request {proposal.Number}");
                await this.delivery.MergeAsync(proposal.Number);
            }
            else
            {
                await this.StoppedAsync(proposal);
            }
        });
        return proposal!;
    }

    private static JsonObject Metrics(Proposal proposal) => new()
    {
        ["rmse"] = new JsonObject { ["holdout"] = Math.Round(proposal.Metric("rmse"), 1), ["training"] = Math.Round(proposal.Metric("rmse", onTrainingRows: true), 1) },
        ["rowsAlsoInTraining"] = proposal.Evaluation["data"]!["rowsAlsoInTraining"]!.DeepClone(),
    };

    private static string Headline(string comment) =>
        comment.Split('\n').Select(line => line.Trim()).First(line => line.Length > 0 && !line.StartsWith("<!--", StringComparison.Ordinal)).Replace("**", "", StringComparison.Ordinal);

    private async Task StoppedAsync(Proposal proposal)
    {
        clock.Claim(proposal.Outcome == "regress", "the gate says regress (exit code 3)");
        var (status, answer) = await world.Api.MergeAsync(DemoWorld.ModelRepository, proposal.Number, proposal.HeadSha);
        clock.Claim(status == 405, $"the forge refuses to merge it: {(string?)answer?["message"]}");
    }

    private async Task FirstDeliveryAsync(Proposal v1)
    {
        var release = await this.ToProductionAsync("1.0.0", GoldenFromData);
        await this.Agent!.WaitForServingAsync(release.Id);
        clock.Claim(release.ModelSha256 == v1.TrainedSha256, "the released file is the one that was judged");
        this.Question = QuestionOf(release);
        var answer = await this.Agent.InferAsync(this.Question);
        clock.Say($"a forecast over the Open Inference Protocol: {answer["outputs"]![0]!["data"]![0]} MW by version {(string?)answer["model_version"]}");
        await this.Agent.WaitForInSyncAsync();
    }

    private async Task SwapUnderLoadAsync(Proposal v2)
    {
        await using var load = new LoadGenerator(this.Agent!.At($"/v2/models/{DemoWorld.Model}/infer"), this.Question, clients: 4);
        await Task.Delay(1_000);
        var (warm, started) = (load.Now, 0.0);
        var release = await this.ToProductionAsync("2.0.0", GoldenFromData, beforeProductionApply: async () =>
        {
            await Task.Delay(2_000);
            started = load.Now;
        });
        await this.Agent.WaitForServingAsync(release.Id);
        await Task.Delay(500);
        var ended = load.Now;
        await Task.Delay(500);
        await load.StopAsync();
        var served = await this.Agent.ModelAsync();
        var channel = await this.delivery.ChannelAsync();
        await this.NoteSwapAsync(load, (warm, started, ended));
        foreach (var (name, digest) in new[]
        {
            ("trained", v2.TrainedSha256), ("released", release.ModelSha256), ("channel", channel.ModelSha256), ("served", (string?)served["serving"]!["modelSha256"]),
        })
            this.Result.Digests[name] = digest;
        clock.Claim(this.Result.Digests.Select(digest => (string?)digest.Value).Distinct().Count() == 1,
            $"trained, released, channel and served digests of the model are one: {v2.TrainedSha256[..12]}");
        await this.Agent.WaitForInSyncAsync();
        await this.KeepEvidenceAsync(v2);
    }

    private Task NoteSwapAsync(LoadGenerator load, (double Warm, double Started, double Ended) at)
    {
        this.Result.Swap["requests"] = load.Requests;
        this.Result.Swap["failed"] = load.Problems.Count;
        this.Result.Swap["p99BeforeMs"] = Math.Round(load.P99(Math.Max(at.Warm, at.Started - 2), at.Started), 2);
        this.Result.Swap["p99DuringMs"] = Math.Round(load.P99(at.Started, at.Ended), 2);
        clock.Claim(load.Problems.Count == 0 && load.Requests > 0,
            $"{load.Requests} requests during the promotion, {load.Problems.Count} failed{(load.Problems.Count > 0 ? ": " + load.Problems[0] : "")}");
        clock.Claim(load.Versions.Count == 2, $"both versions answered: {string.Join(", then ", load.Versions)}");
        clock.Say($"p99 {this.Result.Swap["p99BeforeMs"]} ms before, {this.Result.Swap["p99DuringMs"]} ms during the swap");
        return Task.CompletedTask;
    }

    // v2's comment, page and documents are what the demo leaves for people, and for the schema tests.
    private async Task KeepEvidenceAsync(Proposal v2)
    {
        await File.WriteAllTextAsync(Path.Combine(output, "comment.md"), v2.Comment);
        File.Copy(Path.Combine(v2.Job.Folder, "report", "report.html"), Path.Combine(output, "report.html"), overwrite: true);
        var documents = Directory.CreateDirectory(Path.Combine(output, "documents")).FullName;
        foreach (var name in new[] { "evaluation.json", "verdict.json", "report/report.json" })
            File.Copy(Path.Combine(v2.Job.Folder, name), Path.Combine(documents, Path.GetFileName(name)), overwrite: true);
        foreach (var figure in Directory.EnumerateFiles(Path.Combine(v2.Job.Folder, "report", "figures")))
        {
            Directory.CreateDirectory(Path.Combine(output, "figures"));
            File.Copy(figure, Path.Combine(output, "figures", Path.GetFileName(figure)), overwrite: true);
        }

        var channel = await this.delivery.ChannelAsync();
        var repository = world.Forge.Repository(DemoWorld.DeployRepository).Path;
        foreach (var (name, path) in new[]
        {
            ("channel.json", $"channels/production/{DemoWorld.Model}.json"),
            ("release.json", $"releases/{DemoWorld.Model}/{channel.Release}.json"),
            ("release.sigstore.json", $"releases/{DemoWorld.Model}/{channel.Release}.sigstore.json"),
        })
            await File.WriteAllTextAsync(Path.Combine(documents, name), (await world.GitAsync(repository, "show", $"main:{path}")).OrThrow().Output);
        var release = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(documents, "release.json")))!;
        var golden = (string)release["artifacts"]!.AsArray().Single(artifact => (string?)artifact!["role"] == "golden")!["sha256"]!;
        File.Copy(Path.Combine(world.Store, "sha256", golden[..2], golden), Path.Combine(documents, "golden.json"), overwrite: true);
    }

    private async Task DamagedAsync(Proposal v4)
    {
        // Paused, so that the damage is there before the device looks: a rotten disk or a hostile store.
        await this.Agent!.TellAsync("pause");
        var release = await this.ToProductionAsync("4.0.0", GoldenFromData);
        clock.Claim(release.ModelSha256 == v4.TrainedSha256, "the released file is the one that was judged");
        var blob = Path.Combine(world.Store, "sha256", release.ModelSha256[..2], release.ModelSha256);
        var good = await File.ReadAllBytesAsync(blob);
        var damaged = (byte[])good.Clone();
        damaged[damaged.Length / 2] ^= 0x40;
        await ReplaceAsync(blob, damaged);
        await this.Agent.TellAsync("resume");
        await this.RefusedAsync("v4", release, "digest-mismatch");
        // The operator mends the store, or the next pull request could not compare with what production asks for.
        await ReplaceAsync(blob, good);
    }

    // A new file: blobs are read-only, and may be hard links.
    private static async Task ReplaceAsync(string path, byte[] bytes)
    {
        File.Delete(path);
        await File.WriteAllBytesAsync(path, bytes);
    }

    private async Task GoldenFailsAsync(Proposal v5)
    {
        // What a device with a wrong execution provider would see: the signed expectation is not what it computes.
        var golden = Path.Combine(world.Folder, "golden-v5.json");
        var source = Directory.EnumerateFiles(Path.Combine(world.Folder, "jobs"), "golden.json", SearchOption.AllDirectories).Order().Last();
        var document = JsonNode.Parse(await File.ReadAllTextAsync(source))!;
        var expected = document["response"]!["outputs"]![0]!["data"]!.AsArray();
        expected[0] = (double)expected[0]! + 5_000;
        await File.WriteAllTextAsync(golden, document.ToJsonString());
        var release = await this.ToProductionAsync("5.0.0", $"--golden {golden} --skip-golden-check");
        clock.Claim(release.ModelSha256 == v5.TrainedSha256, "the released file is the one that was judged");
        await this.RefusedAsync("v5", release, "golden-mismatch");
    }

    private async Task RefusedAsync(string version, Delivery.Release release, string code)
    {
        var refusal = await this.Agent!.WaitForRefusalAsync(release.Id);
        this.Result.Refusals.Add(new JsonObject { ["version"] = version, ["code"] = (string?)refusal["code"], ["reason"] = (string?)refusal["reason"] });
        clock.Claim((string?)refusal["code"] == code, $"refused with {code}: {(string?)refusal["reason"]}");
        var serving = (await this.Agent.ModelAsync())["serving"]!;
        clock.Claim((string?)serving["modelSha256"] == (string?)this.Result.Digests["served"], $"and goes on serving {(string?)serving["version"]}");
        await this.Agent.InferAsync(this.Question);
    }

    private async Task TelemetryAsync()
    {
        var asked = (int)this.Result.Swap["requests"]!;
        JsonNode? summary = null;
        await this.Agent!.WaitAsync("the mailbox holds every refusal and request", TimeSpan.FromSeconds(30), async () =>
        {
            var monitor = await Shell.RunAsync(world.Context.Mlops, ["monitor", "--store", world.Store, "--environment", "production", "--json"], world.Folder, world.PersonEnvironment());
            summary = JsonNode.Parse(monitor.OrThrow(3, 4).Output)!;
            await File.WriteAllTextAsync(Path.Combine(output, "monitor.json"), summary.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            var text = summary.ToJsonString();
            return text.Contains("digest-mismatch", StringComparison.Ordinal) && text.Contains("golden-mismatch", StringComparison.Ordinal) && Requests(summary) >= asked;
        });
        this.Result.Telemetry["requests"] = Requests(summary!);
        clock.Say($"the mailbox tells of {Requests(summary!)} requests and both refusals, read back by `mlops monitor`");
        var batch = Directory.EnumerateFiles(Path.Combine(world.Store, "telemetry"), "*.json.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        await using var packed = new System.IO.Compression.GZipStream(File.OpenRead(batch), System.IO.Compression.CompressionMode.Decompress);
        await using var plain = File.Create(Path.Combine(output, "documents", "telemetry.json"));
        await packed.CopyToAsync(plain);
    }

    private static long Requests(JsonNode summary) => summary["releases"]?.AsArray().Sum(release => (long?)release!["requests"] ?? 0) ?? 0;

    private async Task<Delivery.Release> ToProductionAsync(string version, string golden, Func<Task>? beforeProductionApply = null)
    {
        var release = await this.delivery.ReleaseAsync(version, golden);
        await this.delivery.PromoteAsync("staging");
        await this.delivery.PromoteAsync("production", beforeProductionApply);
        var channel = await this.delivery.ChannelAsync();
        clock.Claim(channel.Release == release.Id, $"release {release.Id[..12]} ({version}) went main, staging, production by merges");
        return release;
    }

    // One row of the golden set, as anyone would ask it.
    private static string QuestionOf(Delivery.Release release)
    {
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(release.Folder, "release", "golden.json")))!;
        var input = golden["request"]!["inputs"]![0]!;
        var width = (int)input["shape"]![1]!;
        var row = new JsonArray([.. input["data"]!.AsArray().Take(width).Select(value => value!.DeepClone())]);
        var one = new JsonObject { ["name"] = (string)input["name"]!, ["datatype"] = (string)input["datatype"]!, ["shape"] = new JsonArray(1, width), ["data"] = row };
        return new JsonObject { ["inputs"] = new JsonArray(one) }.ToJsonString();
    }
}
