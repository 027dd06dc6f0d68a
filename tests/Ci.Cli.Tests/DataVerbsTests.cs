using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class DataVerbsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment = new(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };

    public DataVerbsTests() => Directory.CreateDirectory(this.folder.Of("r"));

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_project_goes_from_init_to_a_fresh_clone_that_reuses_everything()
    {
        var git = await GitRepository.InitAsync(this.folder.Of("r"), o: new GitOptions { Environment = GitIsolation.Environment });
        await this.OkAsync("init");
        this.folder.Write("r/.dvc/config", $"[core]\n    remote = store\n['remote \"store\"']\n    url = {this.folder.Of("store")}\n");
        this.folder.Write("r/raw.csv", "1\n2\n");
        this.folder.Write("r/params.yaml", "k: 2\n");
        this.folder.Write("r/dvc.yaml", "stages:\n  fit:\n    cmd: cat raw.csv > model; echo '{\"rmse\":' $(grep -o '[0-9]' params.yaml) '}' > metrics.json\n    deps: [raw.csv]\n    params: [k]\n    outs: [model]\n    metrics:\n    - metrics.json:\n        cache: false\n");
        Assert.Contains("git add raw.csv.dvc .gitignore", await this.OkAsync("add", "raw.csv"), StringComparison.Ordinal);
        Assert.Contains("Running stage 'fit'", await this.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Contains("Data and pipelines are up to date.", await this.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Equal("{}", (await this.OkAsync("status", "--json")).Trim());
        Assert.StartsWith("Path          rmse\n", await this.OkAsync("metrics", "show"), StringComparison.Ordinal);
        await git.AddAndCommitAsync([".dvc", ".gitignore", "raw.csv.dvc", "params.yaml", "dvc.yaml", "dvc.lock", "metrics.json"], "First");
        Assert.Contains("pushed", await this.OkAsync("push"), StringComparison.Ordinal);
        Assert.Contains("Everything is up to date.", await this.OkAsync("push"), StringComparison.Ordinal);

        this.folder.Write("r/params.yaml", "k: 3\n");
        var status = JsonNode.Parse(await this.OkAsync("status", "--json"))!;
        Assert.Equal("modified", (string?)status["fit"]![0]!["changed deps"]!["params.yaml"]!["k"]);
        await this.OkAsync("repro");
        var diff = JsonNode.Parse(await this.OkAsync("metrics", "diff", "--json"))!;
        Assert.Equal("""{"old":2,"new":3,"diff":1}""", diff["metrics.json"]!["rmse"]!.ToJsonString());
        Assert.Contains("params.yaml  k        2       3", await this.OkAsync("params", "diff"), StringComparison.Ordinal);

        await GitRepository.CloneAsync(this.folder.Of("r"), this.folder.Of("clone"), new GitOptions { Environment = GitIsolation.Environment });
        Directory.Delete(this.folder.Of("r"), recursive: true);
        Directory.Move(this.folder.Of("clone"), this.folder.Of("r"));
        Assert.Contains("2 files added", await this.OkAsync("pull"), StringComparison.Ordinal);
        var again = JsonNode.Parse(await this.OkAsync("repro", "--json"))!;
        Assert.Equal("unchanged", (string?)again["stages"]![0]!["outcome"]);
    }

    [Theory]
    [InlineData("in no project", "repro")]
    [InlineData("in no project", "status")]
    public async Task Outside_of_a_project_the_way_in_is_told(string expected, params string[] arguments)
    {
        var (code, _, error) = await this.RunAsync(arguments);
        Assert.Equal(253, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("mlops init", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_told_once_and_clearly()
    {
        await this.OkAsync("init", "--no-scm");
        await this.FailsAsync("no dvc.yaml", "repro");
        await this.FailsAsync("no remote is configured", "push");
        await this.FailsAsync("`nofile` does not exist", "add", "nofile");
        this.folder.Write("r/dvc.yaml", "stages:\n  train: {cmd: exit 7}\n");
        await this.FailsAsync("did you mean `train`", "repro", "trian");
        await this.FailsAsync("exited with 7", "repro");
        this.folder.Write("r/d", "data");
        await this.OkAsync("add", "d");
        this.folder.Write("r/.dvc/config", $"[core]\n    remote = s\n['remote \"s\"']\n    url = {this.folder.Of("no", "store")}\n");
        var (code, _, error) = await this.RunAsync("pull");
        Assert.Equal((0, ""), (code, error)); // everything is in the cache: nothing has to be asked for
        Directory.Delete(this.folder.Of("r/.dvc/cache"), recursive: true);
        (code, _, error) = await this.RunAsync("pull");
        Assert.Equal(6, code);
        Assert.Contains("does not exist; check the path", error, StringComparison.Ordinal);
        Assert.Equal("data", await File.ReadAllTextAsync(this.folder.Of("r/d")));
    }

    private async Task FailsAsync(string expected, params string[] arguments)
    {
        var (code, _, error) = await this.RunAsync(arguments);
        Assert.Equal(arguments[0] is "add" or "push" ? 1 : 255, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(254, "push", "--remote")]
    [InlineData(255, "metrics", "diff", "nosuchrev")]
    [InlineData(251, "status")]
    [InlineData(1, "push")]
    public async Task Verbs_of_DVC_end_with_its_exit_codes(int expected, params string[] arguments)
    {
        await GitRepository.InitAsync(this.folder.Of("r"), o: new GitOptions { Environment = GitIsolation.Environment });
        await this.OkAsync("init");
        if (expected == 251)
            this.folder.Write("r/.dvc/config", "[nosuch]\n");
        Assert.Equal(expected, (await this.RunAsync(arguments)).Code);
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        var (code, output, error) = await this.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return output;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new CliContext { Out = output, Error = error, Environment = this.environment, WorkingDirectory = this.folder.Of("r"), Time = TimeProvider.System };
        return (await CommandLine.RunAsync(arguments, context), output.ToString(), error.ToString());
    }
}
