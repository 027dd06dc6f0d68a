using System.Text.Json.Nodes;
using Ci.Evaluation;

namespace Ci.Cli.Tests;

public sealed class ReportTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-report-");
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public ReportTests()
    {
        this.Write("evaluation.json", Evaluation('c', 2305).ToBytes());
        this.Write("baseline/evaluation.json", Evaluation('b', 2966).ToBytes());
        this.Write("verdict.json", Verdict().ToBytes());
        this.Write("params.yaml", "train:\n  kind: boosted-trees\n  exclude: [\"lag_*\"]\nevaluate:\n  seed: 7\n"u8.ToArray());
    }

    [Fact]
    public async Task The_report_is_written_whole_and_its_line_is_printed()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("report", "--baseline", "baseline/evaluation.json"));
        Assert.StartsWith("energy-load: better. RMSE 2,305 MW, 661 MW lower than live v1 (95 % interval 603 to 718)", this.output.ToString(), StringComparison.Ordinal);
        var comment = this.Text("report/report.md");
        Assert.Contains("](figures/metrics.svg)", comment, StringComparison.Ordinal);
        Assert.Contains("<code>train.exclude</code>", comment, StringComparison.Ordinal);
        Assert.Contains("commit <code>0123456789ab</code> on <code>trees</code>", comment, StringComparison.Ordinal);
        Assert.Contains("[run](https://forge.example/acme/load/actions/runs/42)", comment, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", this.Text("report/report.html"), StringComparison.Ordinal);
        Assert.True(File.Exists(this.Path("report/figures/metrics.svg")));
        Assert.False(Directory.Exists(this.Path("report.new")) || Directory.Exists(this.Path("report.old")));
    }

    [Fact]
    public async Task Rendering_again_from_the_data_gives_the_same_bytes()
    {
        await this.Run("report", "--baseline", "baseline/evaluation.json");
        Assert.Equal(ExitCode.Ok, await this.Run("report", "render", "report/report.json", "--out", "again"));
        foreach (var file in (string[])["report.json", "report.md", "report.html", "figures/metrics.svg"])
            Assert.Equal(this.Text($"report/{file}"), this.Text($"again/{file}"));
    }

    [Fact]
    public async Task Where_fetch_noted_that_nothing_is_live_the_report_is_of_a_first_model()
    {
        NothingLive.Write(this.Path("nowhere"), "production", "energy-load");
        Assert.Equal(ExitCode.Ok, await this.Run("report", "--baseline", "nowhere/evaluation.json"));
    }

    [Fact]
    public async Task A_second_report_replaces_the_first()
    {
        await this.Run("report");
        File.WriteAllText(this.Path("report/stale.txt"), "old");
        await this.Run("report");
        Assert.False(File.Exists(this.Path("report/stale.txt")));
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_never_replaced()
    {
        this.Write("precious/thesis.txt", "years of work"u8.ToArray());
        Assert.Equal(ExitCode.Error, await this.Run("report", "--out", "precious"));
        Assert.Contains("holds other things than a report", this.error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(this.Path("precious/thesis.txt")));
    }

    [Fact]
    public async Task A_missing_evaluation_is_one_clear_message_and_leaves_nothing()
    {
        Assert.Equal(ExitCode.Error, await this.Run("report", "--evaluation", "gone.json"));
        Assert.Contains("gone.json is not there", this.error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(this.Path("report")));
    }

    [Fact]
    public async Task A_torn_report_is_not_rendered()
    {
        this.Write("torn.json", "{\"schema\":\"mlops.report/v1\",\"outc"u8.ToArray());
        Assert.Equal(ExitCode.Error, await this.Run("report", "render", "torn.json", "--out", "again"));
        Assert.Contains("not a report", this.error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(this.Path("again")));
    }

    [Fact]
    public async Task Machine_output_names_the_files()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("report", "--json"));
        var json = JsonNode.Parse(this.output.ToString())!;
        Assert.Equal("pass", (string?)json["outcome"]);
        Assert.Contains("report.md", json["files"]!.AsArray().Select(file => (string?)file));
    }

    public void Dispose()
    {
        this.folder.Delete(recursive: true);
        this.output.Dispose();
        this.error.Dispose();
    }

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, new CliContext
    {
        Out = this.output,
        Error = this.error,
        WorkingDirectory = this.folder.FullName,
        Time = TimeProvider.System,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_SHA"] = "0123456789abcdef0123456789abcdef01234567",
            ["GITHUB_HEAD_REF"] = "trees",
            ["GITHUB_SERVER_URL"] = "https://forge.example",
            ["GITHUB_REPOSITORY"] = "acme/load",
            ["GITHUB_RUN_ID"] = "42",
        },
    });

    private string Path(string name) => System.IO.Path.Combine(this.folder.FullName, name);

    private string Text(string name) => File.ReadAllText(this.Path(name));

    private void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this.Path(name))!);
        File.WriteAllBytes(this.Path(name), bytes);
    }

    private static ModelEvaluation Evaluation(char digest, double rmse) => new()
    {
        Model = new EvaluatedModel { Name = "energy-load", Path = "model.onnx", Sha256 = new string(digest, 64), Bytes = 1000 },
        Data = new EvaluatedData { Path = "data/test.csv", Sha256 = new string('d', 64), Rows = 100 },
        Task = Tasks.Regression,
        Target = "load",
        Unit = "MW",
        Metrics = [new MetricValue { Name = "rmse", Value = rmse, Unit = "MW", Direction = "lower", Low = rmse - 30, High = rmse + 40, Level = 0.95 }],
    };

    private static Verdict Verdict() => new()
    {
        Outcome = Outcome.Pass,
        Candidate = new ComparedModel { Name = "energy-load", Sha256 = new string('c', 64), EvaluationSha256 = new string('e', 64) },
        Baseline = new ComparedModel { Name = "energy-load", Sha256 = new string('b', 64), EvaluationSha256 = new string('f', 64), Label = "live v1" },
        Headline = new Headline("better", "rmse", "MW", "lower", Candidate: 2305, Rows: 100, Baseline: 2966, Difference: -661, Low: -718, High: -603, Level: 0.95),
        Gates = [new GateResult { Name = "RMSE", Metric = "rmse", Rule = "not worse", Unit = "MW", Direction = "lower", Candidate = 2305, Baseline = 2966, Difference = -661, Low = -718, High = -603, Level = 0.95, Outcome = Outcome.Pass, Reason = "it is lower" }],
    };
}
