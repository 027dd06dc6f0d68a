using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Testing;

namespace Ci.Cli.Tests.Experiments;

/// <summary>A committed project with a pipeline of two stages, which the verbs are run on as a person would.</summary>
internal sealed class ExpProject : IDisposable
{
    public const string Parameters = "# how we train\ntrain:\n  lr: 0.1   # the step\n  epochs: 3\nseed: 1\n";

    private const string Pipeline = """
        stages:
          prepare:
            cmd: sort raw.txt > data.txt
            deps: [raw.txt]
            outs: [data.txt]
          train:
            cmd: sh train.sh ${train.lr} ${train.epochs} ${seed}
            deps: [data.txt, train.sh]
            params: [train, seed]
            outs: [model.txt]
            metrics:
            - metrics.json: {cache: false}

        """;

    // Smooth in the rate with its best at 0.03, better with more epochs, a little noise by seed.
    private const string Train = """
        echo "training with lr $1"
        [ "$1" != 0.666 ] || { echo "diverged" >&2; exit 3; }
        [ ! -e gate ] || while [ ! -e go ]; do sleep 0.05; done
        awk -v lr="$1" -v ep="$2" -v s="$3" 'BEGIN { v = (lr - 0.03) ^ 2 * 100 + 1 / ep + s * 0.001; if (lr == 0.5) v = "NaN"; printf "{\"rmse\": %s}\n", v > "metrics.json"; print v > "model.txt" }'

        """;

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment = new(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["SHELL"] = "/bin/sh" };

    private ExpProject(GitRepository git) => this.Git = git;

    public GitRepository Git { get; private set; }

    public string Root => this.folder.Of("r");

    public static async Task<ExpProject> CreateAsync(bool committed = true)
    {
        var project = new ExpProject(null!);
        project.Git = await GitRepository.InitAsync(project.Root, o: new GitOptions { Environment = GitIsolation.Environment });
        await project.OkAsync("init");
        project.Write("params.yaml", Parameters);
        project.Write("dvc.yaml", Pipeline);
        project.Write("train.sh", Train);
        project.Write("raw.txt", "b\na\n");
        project.Write(".dvc/config", $"[core]\n    remote = store\n['remote \"store\"']\n    url = {project.folder.Of("store")}\n");
        if (committed)
            await project.Git.AddAndCommitAsync([".dvc", ".dvcignore", "params.yaml", "dvc.yaml", "train.sh", "raw.txt"], "First");
        return project;
    }

    public string Of(string path) => Path.Combine(this.Root, path);

    public string Beside(string path) => this.folder.Of(path);

    public void Write(string path, string text) => this.folder.Write(Path.Combine("r", path), text);

    public string Read(string path) => File.ReadAllText(this.Of(path));

    /// <summary>Another clone of the same repository.</summary>
    public async Task<string> CloneAsync(string name)
    {
        await GitRepository.CloneAsync(this.Root, this.folder.Of(name), new GitOptions { Environment = GitIsolation.Environment });
        return this.folder.Of(name);
    }

    public async Task<string> OkAsync(params string[] arguments)
    {
        var (code, output, error) = await this.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return output;
    }

    public async Task<JsonNode> JsonAsync(params string[] arguments) => JsonNode.Parse(await this.OkAsync([.. arguments, "--json"]))!;

    public async Task<string> FailsAsync(int expected, params string[] arguments)
    {
        var (code, output, error) = await this.RunAsync(arguments);
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code} and not {expected}\n{output}\n{error}");
        return error;
    }

    public Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => this.RunAsync(this.Root, CancellationToken.None, arguments);

    public async Task<(int Code, string Output, string Error)> RunAsync(string where, CancellationToken ct, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new CliContext
        {
            Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error), Environment = this.environment, WorkingDirectory = where, Time = TimeProvider.System,
        };
        var parsed = CommandLine.Parse(arguments, context);
        var code = parsed.Errors.Count > 0
            ? await CommandLine.RunAsync(arguments, context)
            : await parsed.InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false }, ct);
        return (code, output.ToString(), error.ToString());
    }

    public async Task<string> StatusAsync()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["status", "--porcelain"]) { WorkingDirectory = this.Root, UseShellExecute = false, RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }

    public void Dispose() => this.folder.Dispose();
}
