using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>A project in a Git repository of its own, verbs run in it, and other repositories beside it.</summary>
internal sealed class VerbWorld : IDisposable
{
    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment };

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment = new(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };

    public string Here { get; set; } = "r";

    public string Of(params string[] parts) => this.folder.Of(parts);

    public string Write(string path, string text) => this.folder.Write(path, text);

    public string Read(string path) => File.ReadAllText(this.folder.Of(path));

    public static async Task<VerbWorld> StartAsync(string? fixture = null)
    {
        var world = new VerbWorld();
        await world.RepositoryAsync("r");
        if (fixture is null)
        {
            await world.OkAsync("init");
            return world;
        }

        var original = RepositoryRoot.At("tests", "Fixtures", "dvc", fixture);
        foreach (var file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var target = world.Of("r", Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, await File.ReadAllBytesAsync(file));
        }

        return world;
    }

    public async Task<GitRepository> RepositoryAsync(string name)
    {
        Directory.CreateDirectory(this.Of(name));
        return await GitRepository.InitAsync(this.Of(name), o: Options);
    }

    /// <summary>Commits all that Git sees.</summary>
    public async Task<string> CommitAsync(string message)
    {
        var git = await GitRepository.OpenAsync(this.Of(this.Here), Options);
        await git.AddAndCommitAsync(["."], message);
        return (await git.ResolveAsync("HEAD"))!;
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
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return error;
    }

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new CliContext { Out = output, Error = error, Environment = this.environment, WorkingDirectory = this.Of(this.Here), Time = TimeProvider.System };
        return (await CommandLine.RunAsync(arguments, context), output.ToString(), error.ToString());
    }

    public void Dispose() => this.folder.Dispose();
}
