using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Evaluation;
using Ci.Reporting;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary>A report of a candidate that regresses on one gate, an open pull request, and a job beside a simulated GitHub.</summary>
internal sealed class PostWorld : IAsyncDisposable
{
    public const string Slug = "acme/energy-load";

    private PostWorld(string folder) => this.Folder = folder;

    public string Folder { get; }

    public required GitHubSimulator Forge { get; init; }

    public string Head { get; private set; } = "";

    public string Project => Path.Combine(this.Folder, "project");

    public string Summary => Path.Combine(this.Folder, "step_summary_1");

    public static async Task<PostWorld> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mlops-post").FullName;
        var world = new PostWorld(folder) { Forge = await GitHubSimulator.StartAsync(Path.Combine(folder, "forge")) };
        var repository = world.Forge.CreateRepository(Slug);
        repository.CommitFiles("main", "Start", ("a.txt", "a"));
        world.Head = repository.CommitFiles("change", "Change", ("b.txt", "b"));
        world.WriteReport(Gate("RMSE", Outcome.Regress, 661, 603, 718), Gate("R\u00B2 <b>@octocat</b>", Outcome.Inconclusive, 1, -5, 7), Gate("MAE", Outcome.Pass, -3, -5, -1));
        world.Write("gates.yaml", "gates:\n  - name: RMSE\n    metric: rmse\n    rule: not-worse\n\n  - name: R\u00B2 <b>@octocat</b>\n    metric: r2\n    rule: not-worse\n");
        return world;
    }

    public void WriteReport(params GateResult[] gates)
    {
        var evaluation = Evaluation.ToBytes();
        var verdict = new Verdict
        {
            Outcome = Verdict.Of(gates),
            Candidate = new ComparedModel { Name = "energy-load", Sha256 = new string('c', 64), EvaluationSha256 = Convert.ToHexStringLower(SHA256.HashData(evaluation)) },
            Baseline = new ComparedModel { Name = "energy-load", Sha256 = new string('b', 64), EvaluationSha256 = new string('f', 64), Label = "live v1" },
            Gates = gates,
        };
        var report = ReportBuilder.Build(new ReportInput { Candidate = Evaluation, Verdict = verdict, Lineage = new ReportLineage { CreatedAt = DateTimeOffset.UnixEpoch, Version = "1.0.0", Commit = new string('9', 40), RunUrl = "https://evil.example/run" } });
        this.Write("evaluation.json", Encoding.UTF8.GetString(evaluation));
        this.Write("verdict.json", Encoding.UTF8.GetString(verdict.ToBytes()));
        this.Write("report/report.json", Encoding.UTF8.GetString(report.ToBytes()));
    }

    public static GateResult Gate(string name, Outcome outcome, double difference, double low, double high) => new()
    {
        Name = name, Metric = "rmse", Rule = "not worse", Unit = "MW", Direction = "lower", Baseline = 2305, Candidate = 2305 + difference,
        Difference = difference, Low = low, High = high, Level = 0.95, Margin = 0, Outcome = outcome, Reason = "as measured\n::error::no command",
    };

    public void Write(string name, string text)
    {
        var path = Path.Combine(this.Project, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(this.Project, name));

    /// <summary>A pull request from our own branch.</summary>
    public async Task<int> OpenAsync()
    {
        using var forge = Ci.Forges.ForgeProviders.Open(new Ci.Forges.ForgeAddress { Vendor = "github", ApiUrl = this.Forge.ApiUrl, Repository = Slug, Token = this.Forge.JobToken });
        return (await forge.PullRequests.OpenAsync("A change", "", "change", "main")).Number;
    }

    public IReadOnlyDictionary<string, string> Job(string? token = null, string? eventPath = null, string name = "pull_request", bool summary = true)
    {
        var variables = new Dictionary<string, string>(this.Forge.JobEnvironment(Slug, this.Head, token, eventPath, "change", 5)) { ["GITHUB_EVENT_NAME"] = name };
        if (summary)
            variables["GITHUB_STEP_SUMMARY"] = this.Summary;
        return variables;
    }

    public IReadOnlyDictionary<string, string> PullJob(int number, string? token = null, bool summary = true) =>
        this.Job(token, this.Forge.WritePullRequestEvent(Slug, number, Path.Combine(this.Folder, "event.json")), summary: summary);

    public async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new CliContext { Out = output, Error = error, Environment = environment, WorkingDirectory = this.Project, Time = TimeProvider.System };
        return (await CommandLine.RunAsync(arguments, context), output.ToString(), error.ToString());
    }

    public async Task<JsonArray> PostAsync(IReadOnlyDictionary<string, string> environment, params string[] more)
    {
        var (code, output, error) = await this.RunAsync(environment, ["report", "post", .. more, "--json"]);
        Assert.True(code == ExitCode.Ok, $"{code}\n{output}\n{error}");
        return JsonNode.Parse(output)!["surfaces"]!.AsArray();
    }

    public static string State(JsonArray surfaces, string name) => (string)surfaces.First(surface => (string)surface!["surface"]! == name)!["state"]!;

    public static string? Permission(JsonArray surfaces, string name) => (string?)surfaces.First(surface => (string)surface!["surface"]! == name)!["permission"];

    public async ValueTask DisposeAsync()
    {
        await this.Forge.DisposeAsync();
        Directory.Delete(this.Folder, recursive: true);
    }

    private static ModelEvaluation Evaluation => new()
    {
        Model = new EvaluatedModel { Name = "energy-load", Path = "model.onnx", Sha256 = new string('c', 64), Bytes = 1000 },
        Data = new EvaluatedData { Path = "data/test.csv", Sha256 = new string('d', 64), Rows = 100 },
        Task = Tasks.Regression, Target = "load", Unit = "MW",
        Metrics = [new MetricValue { Name = "rmse", Value = 2966, Unit = "MW", Direction = "lower", Low = 2930, High = 3000, Level = 0.95 }],
    };
}
