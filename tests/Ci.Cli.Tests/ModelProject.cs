using System.Globalization;
using System.Text;
using Ci.Git;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>A small model repository in a folder of its own, and the verbs called in it as a job would, within this process.</summary>
public sealed class ModelProject : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ModelProject()
    {
        this.Variables = new Dictionary<string, string>(GitIsolation.Environment)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["MLOPS_ONNXRUNTIME"] = OnnxRuntimeLibrary.Path, ["MLOPS_ACTOR"] = "tester",
            ["MLOPS_SIGNING_KEY"] = this.Of("keys/key.pem"), ["MLOPS_TRUSTED_KEYS"] = this.Of("keys/key.pem.pub"),
        };
        Directory.CreateDirectory(this.Of("keys"));
        var noise = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{new DateTime(2020, 1, 1).AddHours(i):yyyy-MM-ddTHH:mm:ssZ},{i % 17},{i * 7 % 23},{(3 * (i % 17)) + (i * 7 % 23) + noise.NextDouble():0.###}")).ToList();
        this.Write("train.csv", string.Join('\n', rows.Take(300).Prepend("time,a,b,load")) + "\n");
        this.Write("test.csv", string.Join('\n', rows.Skip(300).Prepend("time,a,b,load")) + "\n");
        this.Write("params.yaml", "train: {kind: ridge, target: load, key: time}\nevaluate: {target: load, key: time, task: regression, unit: MW}\n");
        this.Write("gates.yaml", "gates:\n  - {metric: rmse, rule: max, limit: 100}\n  - {metric: rmse, rule: not-worse, margin: 2 %}\n  - {metric: mae, rule: not-worse, margin: 2 %}\n");
        this.Write("mlops.yaml", "model: energy-load\n");
    }

    public Dictionary<string, string> Variables { get; }

    public string Path => this.folder.Path;

    public string Of(string relative) => this.folder.Of(relative);

    public string Write(string relative, string text) => this.folder.Write(relative, text);

    /// <summary>Runs a verb in a folder (the project's) with more variables.</summary>
    public async Task<Answer> RunAsync(string[] arguments, string? at = null, params (string Name, string Value)[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new Dictionary<string, string>(this.Variables);
        foreach (var (name, value) in more)
            environment[name] = value;
        var code = await CommandLine.RunAsync(arguments, new CliContext { Out = output, Error = error, Environment = environment, WorkingDirectory = at ?? this.Path, Time = TimeProvider.System });
        return new Answer(code, output.ToString(), error.ToString());
    }

    public Task<Answer> RunAsync(string arguments) => this.RunAsync(arguments.Split(' '));

    /// <summary>The same, and it must succeed; the answer's text.</summary>
    public async Task<string> OkAsync(string arguments, string? at = null)
    {
        var answer = await this.RunAsync(arguments.Split(' '), at);
        Assert.True(answer.Code == ExitCode.Ok, $"mlops {arguments}: exit code {answer.Code}: {answer.Output}{answer.Error}");
        return answer.Output;
    }

    /// <summary>A git repository with everything so far.</summary>
    public async Task CommitAsync()
    {
        var repository = await GitRepository.InitAsync(this.Path, o: new GitOptions { Environment = GitIsolation.Environment });
        await repository.AddAndCommitAsync(["train.csv", "test.csv", "params.yaml", "gates.yaml", "mlops.yaml"], "Start");
    }

    /// <summary>Model, evaluation and verdict.</summary>
    public async Task EvaluateAsync()
    {
        await this.OkAsync("train --data train.csv --out model.onnx");
        await this.OkAsync("evaluate --model model.onnx --data test.csv --training-data train.csv --out evaluation.json --predictions predictions.csv.gz");
        await this.OkAsync("compare");
    }

    /// <summary>A key pair in keys/ and the signed release of the model in release/.</summary>
    public async Task ReleaseAsync(string version = "1.0.0")
    {
        if (!File.Exists(this.Of("keys/key.pem")))
            await this.OkAsync("release keygen --out keys/key.pem");
        await this.OkAsync($"release create --model model.onnx --evaluation evaluation.json --predictions predictions.csv.gz --verdict verdict.json --golden-data test.csv --version {version} --out release");
    }

    public void Dispose() => this.folder.Dispose();

    /// <summary>What a call answered.</summary>
    public sealed record Answer(int Code, string Output, string Error);
}
