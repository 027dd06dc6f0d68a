using System.Text.Json.Nodes;

namespace Ci.Cli.Tests;

/// <summary><c>--baseline auto</c> over real repositories.</summary>
public sealed class BaselineAutoTests : IDisposable
{
    private const string Gates = "gates:\n  - name: RMSE\n    metric: rmse\n    rule: not-worse\n";

    private VerbWorld? world;

    public void Dispose() => this.world?.Dispose();

    [Fact]
    public async Task The_evaluation_committed_at_the_merge_base_is_the_baseline_and_named_with_its_staleness()
    {
        this.world = await VerbWorld.StartAsync();
        this.world.Write("r/gates.yaml", Gates);
        this.world.Write("r/evaluation.json", Evaluation('b', 2966));
        var fork = await this.world.CommitAsync("one");
        await this.GitAsync("checkout", "-q", "-b", "change");
        this.world.Write("r/evaluation.json", Evaluation('c', 2305));
        await this.world.CommitAsync("better");
        await this.GitAsync("checkout", "-q", "main");
        this.world.Write("r/other.txt", "x");
        await this.world.CommitAsync("two");
        await this.GitAsync("checkout", "-q", "change");

        var (code, output, error) = await this.world.RunAsync("compare", "--baseline", "auto");
        Assert.True(code == ExitCode.Inconclusive, output + error);
        var verdict = JsonNode.Parse(this.world.Read("r/verdict.json"))!;
        Assert.Equal($"merge base {fork[..7]}", (string?)verdict["baseline"]!["label"]);
        Assert.Equal(new string('b', 64), (string?)verdict["baseline"]!["sha256"]);
        await this.world.OkAsync("report", "--baseline", "auto");
        Assert.Contains($"baseline merge base {fork[..7]}, under an hour old, 1 commit behind", this.world.Read("r/report/report.md"), StringComparison.Ordinal);
        Assert.Equal(fork, (string?)JsonNode.Parse(this.world.Read("r/report/report.json"))!["baseline"]!["commit"]);
    }

    [Fact]
    public async Task What_the_lock_of_the_merge_base_names_comes_from_the_cache_or_else_the_remote()
    {
        this.world = await VerbWorld.StartAsync();
        this.world.Write("r/gates.yaml", Gates);
        this.world.Write("r/source.json", Evaluation('b', 2966));
        this.world.Write("r/dvc.yaml", "stages:\n  evaluate:\n    cmd: cp source.json evaluation.json\n    deps: [source.json]\n    outs: [evaluation.json]\n");
        await this.world.OkAsync("remote", "add", "-d", "store", this.world.Of("store"));
        await this.world.OkAsync("repro");
        await this.world.OkAsync("push");
        await this.IsComparedWithTheForkAsync();
    }

    [Fact]
    public async Task Where_no_lock_was_committed_a_recorded_run_with_the_inputs_of_the_merge_base_is_the_baseline()
    {
        this.world = await VerbWorld.StartAsync();
        this.world.Write("r/gates.yaml", Gates);
        this.world.Write("r/.gitignore", "dvc.lock\n");
        this.world.Write("r/source.json", Evaluation('b', 2966));
        this.world.Write("r/dvc.yaml", "stages:\n  first:\n    cmd: cp source.json model.bin\n    deps: [source.json]\n    outs: [model.bin]\n"
            + "  evaluate:\n    cmd: cp model.bin evaluation.json && echo run >> runs.txt\n    deps: [model.bin]\n    metrics: [evaluation.json]\n");
        await this.world.OkAsync("remote", "add", "-d", "store", this.world.Of("store"));
        await this.world.OkAsync("repro");
        await this.world.OkAsync("push", "--run-cache");
        await this.IsComparedWithTheForkAsync();

        Assert.Equal("run\nrun\n", this.world.Read("r/runs.txt")); // nothing was run for the comparison
        Assert.Empty(Directory.GetDirectories(this.world.Of("r/.dvc/tmp/exps")));
        Directory.Delete(this.world.Of("store"), recursive: true);
        Directory.Delete(this.world.Of("r/.dvc/cache"), recursive: true);
        var (_, _, error) = await this.world.RunAsync("compare", "--baseline", "auto");
        Assert.Contains("no recorded run made it: stage `first` has no recorded run with these inputs", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_none_the_report_says_why()
    {
        this.world = await VerbWorld.StartAsync();
        this.world.Write("r/gates.yaml", Gates);
        this.world.Write("r/a.txt", "a");
        await this.world.CommitAsync("one");
        await this.GitAsync("checkout", "-q", "-b", "change");
        this.world.Write("r/evaluation.json", Evaluation('c', 2305));
        await this.world.CommitAsync("first model");

        var (_, _, error) = await this.world.RunAsync("compare", "--baseline", "auto");
        Assert.Contains("no baseline: no registry is set up", error, StringComparison.Ordinal);
        Assert.Contains("has no evaluation.json, neither in Git nor in its dvc.lock", error, StringComparison.Ordinal);
        await this.world.OkAsync("report", "--baseline", "auto");
        Assert.Contains("no baseline: no registry is set up", this.world.Read("r/report/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_main_branch_itself_the_parent_is_the_baseline()
    {
        this.world = await VerbWorld.StartAsync();
        this.world.Write("r/gates.yaml", Gates);
        this.world.Write("r/evaluation.json", Evaluation('b', 2966));
        var parent = await this.world.CommitAsync("one");
        this.world.Write("r/evaluation.json", Evaluation('c', 2305));
        await this.world.CommitAsync("two");
        await this.world.RunAsync("compare", "--baseline", "auto");
        Assert.Equal($"parent {parent[..7]}", (string?)JsonNode.Parse(this.world.Read("r/verdict.json"))!["baseline"]!["label"]);
    }

    // First with the cache, then without.
    private async Task IsComparedWithTheForkAsync()
    {
        var fork = await this.world!.CommitAsync("one");
        await this.GitAsync("checkout", "-q", "-b", "change");
        this.world.Write("r/source.json", Evaluation('c', 2305));
        await this.world.OkAsync("repro");
        await this.world.CommitAsync("better");

        foreach (var cached in (bool[])[true, false])
        {
            if (!cached)
                Directory.Delete(this.world.Of("r/.dvc/cache"), recursive: true);
            await this.world.RunAsync("compare", "--baseline", "auto");
            var baseline = JsonNode.Parse(this.world.Read("r/verdict.json"))!["baseline"]!;
            Assert.Equal(($"merge base {fork[..7]}", new string('b', 64)), ((string?)baseline["label"], (string?)baseline["sha256"]));
        }
    }

    private async Task GitAsync(params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { UseShellExecute = false, WorkingDirectory = this.world!.Of("r"), RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
    }

    private static string Evaluation(char digest, double rmse) => System.Text.Encoding.UTF8.GetString(new Ci.Evaluation.ModelEvaluation
    {
        Model = new Ci.Evaluation.EvaluatedModel { Name = "energy-load", Path = "model.onnx", Sha256 = new string(digest, 64), Bytes = 1000 },
        Data = new Ci.Evaluation.EvaluatedData { Path = "data/test.csv", Sha256 = new string('d', 64), Rows = 100 },
        Task = Ci.Evaluation.Tasks.Regression, Target = "load", Unit = "MW",
        Metrics = [new Ci.Evaluation.MetricValue { Name = "rmse", Value = rmse, Unit = "MW", Direction = "lower" }],
    }.ToBytes());
}
