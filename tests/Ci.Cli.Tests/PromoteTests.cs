using System.Text.Json.Nodes;
using Ci.Forges;
using Ci.Git;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary><c>mlops promote</c> and <c>mlops release fetch</c>: two releases travel to production through the simulated forge, and one back.</summary>
public sealed class PromoteTests : IAsyncLifetime
{
    private const string Slug = "acme/energy-load";
    private static readonly GitOptions Git = new() { Environment = GitIsolation.Environment };

    private readonly ModelProject project = new();
    private GitHubSimulator hub = null!;

    private string Clone => this.project.Of("clone");

    public async Task InitializeAsync()
    {
        this.hub = await GitHubSimulator.StartAsync(this.project.Of("hub"));
        var remote = this.hub.CreateRepository(Slug);
        remote.CommitFiles("main", "Start", ("mlops.yaml", "model: energy-load\n"), ("params.yaml", "seed: 1\n"), ("gates.yaml", await File.ReadAllTextAsync(this.project.Of("gates.yaml"))));
        await GitRepository.CloneAsync(remote.Path, this.Clone, Git);

        var template = RepositoryRoot.At("templates", "deploy-repository", "policy", "environments.yaml");
        var seed = await GitRepository.InitAsync(this.project.Of("seed"), o: Git);
        this.project.Write("seed/policy/environments.yaml", await File.ReadAllTextAsync(template));
        await seed.AddAndCommitAsync(["policy/environments.yaml"], "Policy");
        await GitRepository.CloneAsync(this.project.Of("seed"), this.project.Of("deploy.git"), Git, bare: true);
        Directory.CreateDirectory(this.project.Of("blobs"));
        foreach (var (name, value) in this.hub.JobEnvironment(Slug, remote.Branch("main")!, this.hub.JobToken))
            this.project.Variables[name] = value;
        this.project.Variables["MLOPS_DEPLOY_REPOSITORY"] = this.project.Of("deploy.git");
        this.project.Variables["MLOPS_STORE"] = this.project.Of("blobs");
        await this.project.OkAsync("release keygen --out keys/key.pem");
    }

    public async Task DisposeAsync()
    {
        await this.hub.DisposeAsync();
        this.project.Dispose();
    }

    [Fact]
    public async Task Two_releases_travel_to_production_and_the_second_goes_back()
    {
        var nothing = await this.JsonAsync($"release fetch --environment production --out {this.project.Of("baseline")}");
        Assert.Null(nothing["release"]);
        Assert.Equal(["nothing-live.json"], Directory.GetFiles(this.project.Of("baseline")).Select(file => Path.GetFileName(file)));

        await this.TravelAsync("1.0.0");
        Assert.True((bool)(await this.JsonAsync("promote apply --environment production"))["alreadyApplied"]!);

        // What is live is fetched, and names itself in verdict and report.
        await this.project.OkAsync($"release fetch --environment production --out {this.project.Of("baseline")}", this.Clone);
        Assert.Equal(
            ["evaluation.json", "model.onnx", "predictions.csv.gz", "release.json", "release.sigstore.json"],
            Directory.GetFiles(this.project.Of("baseline")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        await this.project.OkAsync("compare --candidate evaluation.json --baseline baseline/evaluation.json");
        Assert.Equal("live v1.0.0", (string)JsonNode.Parse(File.ReadAllText(this.project.Of("verdict.json")))!["baseline"]!["label"]!);
        await this.project.OkAsync("report --baseline baseline/evaluation.json --out report");
        var baseline = JsonNode.Parse(File.ReadAllText(this.project.Of("report/report.json")))!["baseline"]!;
        var provenance = JsonNode.Parse(File.ReadAllText(this.project.Of("baseline/release.json")))!["provenance"]!;
        Assert.Equal("live v1.0.0", (string)baseline["label"]!);
        Assert.Equal((DateTimeOffset)provenance["createdAt"]!, (DateTimeOffset)baseline["since"]!);
        Assert.Contains("live v1.0.0, under an hour old", File.ReadAllText(this.project.Of("report/report.md")).Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await this.project.RunAsync(["compare", "--baseline", "baseline/evaluation.json", "--baseline-label", "the old one"]);
        Assert.Equal("the old one", (string)JsonNode.Parse(File.ReadAllText(this.project.Of("verdict.json")))!["baseline"]!["label"]!);

        await this.TravelAsync("2.0.0");
        var back = await this.JsonAsync("promote rollback --environment production --reason worse");
        Assert.Equal(("1.0.0", 3), ((string)back["version"]!, (int)back["sequence"]!));
        var status = (JsonArray)await this.JsonAsync("promote status");
        Assert.Equal(["2.0.0", "2.0.0", "1.0.0"], status.Select(row => (string)row!["version"]!));
        Assert.True((bool)status[2]!["hold"]!);
        Assert.Contains("held: worse", await this.project.OkAsync("promote status", this.Clone), StringComparison.Ordinal);
        Assert.Empty((JsonArray)(await this.JsonAsync("promote reconcile"))["unexplained"]!);
    }

    [Fact]
    public async Task A_frozen_environment_refuses_and_says_why()
    {
        await this.ReleaseAsync("1.0.0");
        await this.JsonAsync($"promote apply --environment development --release {this.project.Of("release")}");
        Assert.True((bool)(await this.JsonAsync("promote freeze --environment staging --reason holidays"))["frozen"]!);
        var opened = await this.JsonAsync("promote open --to staging");

        var check = await this.project.RunAsync(["promote", "check", "--pull-request", $"{opened["number"]}", "--json"], this.Clone);

        Assert.Equal(ExitCode.Refused, check.Code);
        var refusal = Assert.Single((JsonArray)JsonNode.Parse(check.Output)!["rules"]!, rule => !(bool)rule!["passed"]!);
        Assert.Equal("freeze", (string)refusal!["rule"]!);
        Assert.Equal("failure", Assert.Single(this.hub.Checks(Slug)).Conclusion);
        Assert.False((bool)(await this.JsonAsync("promote freeze --environment staging --reason over --lift"))["frozen"]!);
        await this.project.OkAsync($"promote check --pull-request {opened["number"]}", this.Clone);
    }

    [Fact]
    public async Task A_tampered_release_does_not_reach_the_store()
    {
        await this.ReleaseAsync("1.0.0");
        await File.AppendAllTextAsync(this.project.Of("release/model.onnx"), "x");

        var answer = await this.project.RunAsync(["promote", "apply", "--environment", "development", "--release", this.project.Of("release")], this.Clone);

        Assert.Equal(ExitCode.Refused, answer.Code);
        Assert.Contains("model.onnx", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(this.project.Of("blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_damaged_blob_leaves_nothing_where_it_was_to_be_fetched()
    {
        await this.ReleaseAsync("1.0.0");
        await this.JsonAsync($"promote apply --environment development --release {this.project.Of("release")}");
        var digest = (string)JsonNode.Parse(File.ReadAllText(this.project.Of("release/release.json")))!["artifacts"]!.AsArray().First(a => (string)a!["path"]! == "model.onnx")!["sha256"]!;
        var blob = Directory.GetFiles(this.project.Of("blobs"), digest, SearchOption.AllDirectories).Single();
        File.SetAttributes(blob, FileAttributes.Normal);
        await File.WriteAllTextAsync(blob, "damaged");

        var answer = await this.project.RunAsync(["release", "fetch", "--environment", "development", "--out", this.project.Of("out/baseline")], this.Clone);

        Assert.Equal(ExitCode.Refused, answer.Code);
        Assert.Contains("model.onnx", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(this.project.Of("out/baseline")));
        Assert.Empty(Directory.Exists(this.project.Of("out")) ? Directory.GetFileSystemEntries(this.project.Of("out")) : []);
    }

    // Released from the clone, as the job on main does, and promoted to the end.
    private async Task TravelAsync(string version)
    {
        await this.ReleaseAsync(version);
        Assert.Equal(version, (string)(await this.JsonAsync($"promote apply --environment development --release {this.project.Of("release")}"))["version"]!);
        foreach (var environment in new[] { "staging", "production" })
        {
            var opened = await this.JsonAsync($"promote open --to {environment}");
            var number = (int)opened["number"]!;
            Assert.True((bool)(await this.JsonAsync($"promote check --pull-request {number}"))["passed"]!);
            using var forge = ForgeProviders.Open(new ForgeAddress { Vendor = "github", ApiUrl = this.hub.ApiUrl, Repository = Slug, Token = this.hub.JobToken });
            await forge.PullRequests.MergeAsync(number, MergeMethod.Merge, (string)opened["headSha"]!);
            Assert.Equal(environment, (string)(await this.JsonAsync($"promote apply --environment {environment}"))["environment"]!);
        }
    }

    private async Task ReleaseAsync(string version)
    {
        this.hub.Repository(Slug).CommitFiles("main", $"Train {version}", ("version.txt", version));
        await (await GitRepository.OpenAsync(this.Clone, Git)).FetchAsync("origin", ["+refs/heads/*:refs/remotes/origin/*"]);
        // A smaller penalty fits better: what goes to production must not be worse than what is live there.
        this.project.Write("params.yaml", $"train: {{kind: ridge, target: load, key: time, lambda: {'3' - version[0]}}}\nevaluate: {{target: load, key: time, task: regression, unit: MW}}\n");
        await this.project.OkAsync("train --data train.csv --out model.onnx");
        await this.project.OkAsync("evaluate --model model.onnx --data test.csv --out evaluation.json --predictions predictions.csv.gz");
        await this.project.OkAsync("compare");
        var head = this.hub.Repository(Slug).Branch("main")!;
        var repository = await GitRepository.OpenAsync(this.Clone, Git);
        await CheckoutAsync(this.Clone, head);
        Assert.Equal(head, await repository.ResolveAsync("HEAD"));
        string Of(string name) => this.project.Of(name);
        await this.JsonAsync($"release create --model {Of("model.onnx")} --evaluation {Of("evaluation.json")} --predictions {Of("predictions.csv.gz")} --verdict {Of("verdict.json")} --golden-data {Of("test.csv")} --version {version} --out {Of("release")}");
    }

    private static async Task CheckoutAsync(string folder, string commit)
    {
        var start = new System.Diagnostics.ProcessStartInfo("git", ["checkout", "-q", "--detach", commit]) { WorkingDirectory = folder };
        foreach (var (name, value) in GitIsolation.Environment)
            start.Environment[name] = value;
        using var process = System.Diagnostics.Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task<JsonNode> JsonAsync(string arguments) => JsonNode.Parse(await this.project.OkAsync(arguments + " --json", this.Clone))!;
}
