using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Testing;
using Ci.Testing.Network;
using Ci.Testing.Stores;

namespace Ci.Cli.Tests;

/// <summary>The verbs that move data, as people call them.</summary>
public sealed class TransferVerbsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment = new(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };
    private string answer = "";

    public TransferVerbsTests() => Directory.CreateDirectory(this.folder.Of("r"));

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_project_goes_through_azure_and_back_and_the_cloud_status_tells_what_is_where()
    {
        using var azurite = await Azurite.StartAsync();
        await this.StartAsync();
        await this.OkAsync("remote", "add", "-d", "cloud", "azure://models/data");
        await this.OkAsync("remote", "modify", "--local", "cloud", "connection_string", azurite.ConnectionString);
        Assert.Equal("\tnew:                a\n\tnew:                d\n\tnew:                d/x\n\tnew:                d/y\n", await this.OkAsync("status", "-c"));
        Assert.Equal("4 files pushed\n", await this.OkAsync("push"));
        Assert.Equal("Everything is up to date.\n", await this.OkAsync("push"));
        Assert.Equal("Cache and remote 'cloud' are in sync.\n", await this.OkAsync("status", "--cloud"));
        this.Forget();
        Assert.Equal("""{"d/x":"deleted","d/y":"deleted","a":"deleted"}""", Sorted(await this.OkAsync("status", "-c", "--json"), "d/x", "d/y", "a"));
        Assert.Equal("A       d/\nA       a\n3 files fetched and 3 files added\n", await this.OkAsync("pull"));
        Assert.Equal("Everything is up to date.\n", await this.OkAsync("pull"));
    }

    [Fact]
    public async Task Data_goes_to_s3_by_credentials_of_the_environment_and_a_web_server_gives_it_out()
    {
        await using var service = await S3Simulator.StartAsync();
        await this.StartAsync();
        await this.OkAsync("remote", "add", "-d", "cloud", $"s3://{S3Simulator.Bucket}/x");
        await this.OkAsync("remote", "modify", "cloud", "endpointurl", service.Endpoint);
        this.environment["AWS_ACCESS_KEY_ID"] = S3Simulator.AccessKeyId;
        this.environment["AWS_SECRET_ACCESS_KEY"] = S3Simulator.SecretAccessKey;
        Assert.Equal("4 files pushed\n", await this.OkAsync("push", "-j", "2"));
        await this.OkAsync("remote", "add", "disk", this.folder.Of("web"));
        await this.OkAsync("push", "-r", "disk");
        this.Forget();

        await using var server = await LoopbackServer.ServeAsync(this.folder.Of("web"));
        await this.OkAsync("remote", "add", "web", server.Address.AbsoluteUri);
        Assert.Equal("would fetch a\nwould fetch d\n", await this.OkAsync("fetch", "-r", "web", "--dry"));
        Assert.Equal("4 files fetched\n", await this.OkAsync("fetch", "-r", "web"));
        this.folder.Write("r/a", "new");
        await this.OkAsync("add", "a");
        var (code, _, error) = await this.RunAsync("push", "-r", "web");
        Assert.Equal(1, code);
        Assert.Contains("read-only", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_that_does_not_exist_fails_and_deletes_nothing()
    {
        await this.StartAsync();
        foreach (var verb in new[] { "pull", "fetch", "push" })
        {
            var (code, _, error) = await this.RunAsync(verb, "-r", "none");
            Assert.Equal(1, code);
            Assert.Contains("no remote `none`", error, StringComparison.Ordinal);
        }

        Assert.Equal("1\n", File.ReadAllText(this.folder.Of("r/a")));
    }

    [Fact]
    public async Task Targets_are_stages_files_patterns_folders_and_parts_of_folders()
    {
        await this.StartAsync();
        await this.OkAsync("remote", "add", "-d", "disk", this.folder.Of("store"));
        this.folder.Write("r/dvc.yaml", "stages:\n  one:\n    cmd: (cat a; echo one) > m1\n    deps: [a]\n    outs: [m1]\n  two:\n    cmd: (cat m1; echo two) > m2\n    deps: [m1]\n    outs: [m2]\n");
        await this.OkAsync("repro");
        Assert.Equal("1 file pushed\n", await this.OkAsync("push", "two"));
        Assert.Equal("2 files pushed\n", await this.OkAsync("push", "-d", "m2"));
        Assert.Equal("1 file pushed\n", await this.OkAsync("push", "d/x"));
        Assert.Equal("Everything is up to date.\n", await this.OkAsync("push", "--glob", "[ab].dvc"));
        Assert.Equal("2 files pushed\n", await this.OkAsync("push"));
        this.Forget();
        Assert.Equal("A       d/x\n2 files fetched and 1 file added\n", await this.OkAsync("pull", "d/x"));
        Assert.False(File.Exists(this.folder.Of("r/d/y")));
        Assert.Equal("A       m2\n1 file fetched and 1 file added\n", await this.OkAsync("pull", "two"));
        var (code, _, error) = await this.RunAsync("pull", "nothing");
        Assert.Equal(1, code);
        Assert.Contains("nothing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkout_counts_refuses_and_forgives()
    {
        await this.StartAsync();
        File.Delete(this.folder.Of("r/d/x"));
        this.folder.Write("r/d/extra", "3\n");
        Assert.Equal("1 file added and 1 file deleted\n", (await this.OkAsync("checkout", "--summary", "-f")));
        Assert.Equal("No changes.\n", await this.OkAsync("checkout", "--summary"));
        Assert.EndsWith("Relinked successfully\n", await this.OkAsync("checkout", "--relink"), StringComparison.Ordinal);
        Assert.Equal("1\n", File.ReadAllText(this.folder.Of("r/a")));
        this.Forget();
        var (code, _, error) = await this.RunAsync("checkout");
        Assert.Equal(255, code);
        Assert.Contains("`a` is not in the cache", error, StringComparison.Ordinal);
        Assert.Equal("", await this.OkAsync("checkout", "--allow-missing"));
    }

    [Fact]
    public async Task Data_of_branches_tags_and_all_commits_moves_on_demand()
    {
        await this.StartAsync();
        await this.OkAsync("remote", "add", "-d", "disk", this.folder.Of("store"));
        await this.CommitAsync("one");
        await this.GitAsync("tag", "v1");
        await this.GitAsync("branch", "old");
        this.folder.Write("r/a", "second\n");
        await this.OkAsync("add", "a");
        await this.CommitAsync("two");
        this.folder.Write("r/a", "third\n");
        await this.OkAsync("add", "a");
        await this.CommitAsync("three");
        Assert.Equal("4 files pushed\n", await this.OkAsync("push"));
        Assert.Equal("1 file pushed\n", await this.OkAsync("push", "-T"));
        Assert.Equal("Everything is up to date.\n", await this.OkAsync("push", "--all-branches"));
        Assert.Equal("\tnew:                a\n", await this.OkAsync("status", "-c", "-A"));
        Assert.Equal("1 file pushed\n", await this.OkAsync("push", "-A", "a.dvc"));
        this.Forget();
        Assert.Equal("6 files fetched\n", await this.OkAsync("fetch", "-A"));
    }

    [Fact]
    public async Task Gc_keeps_what_it_is_told_asks_before_and_never_runs_without_a_scope()
    {
        await this.StartAsync();
        await this.OkAsync("remote", "add", "-d", "disk", this.folder.Of("store"));
        await this.CommitAsync("one");
        await this.OkAsync("push");
        this.folder.Write("r/a", "second\n");
        await this.OkAsync("add", "a");
        await this.CommitAsync("two");
        this.folder.Write("r/a", "third\n");
        await this.OkAsync("add", "a");

        Assert.Equal(255, (await this.RunAsync("gc")).Code);
        Assert.Equal(1, (await this.RunAsync("gc", "-w")).Code);
        this.answer = "n";
        Assert.Equal(1, (await this.RunAsync("gc", "-w")).Code);
        Assert.Equal("No unused 'repo' cache to remove.\n", await this.OkAsync("gc", "-A", "-f"));
        Assert.Equal("Would remove 2 objects from repo cache.\n", await this.OkAsync("gc", "-w", "--dry"));
        Assert.Equal("Would remove 1 objects from repo cache.\n", await this.OkAsync("gc", "--rev", "HEAD", "--dry"));
        Assert.Equal("No unused 'repo' cache to remove.\n", await this.OkAsync("gc", "--rev", "HEAD", "-n", "2", "--dry"));
        Assert.Equal("No unused 'repo' cache to remove.\n", await this.OkAsync("gc", "--date", "2001-01-01", "--dry"));
        this.answer = "y";
        Assert.Equal("Removed 1 objects from repo cache.\n", await this.OkAsync("gc", "-a"));
        Assert.Equal("Removed 1 objects from repo cache.\nRemoved 1 objects from remote.\n", await this.OkAsync("gc", "-w", "-c", "-f"));
        Assert.Equal("Removed 3 objects from repo cache.\n", await this.OkAsync("gc", "-w", "--not-in-remote", "-f"));
        Assert.Equal("1 file pushed\n", await this.OkAsync("push", "a"));
        Assert.Equal("3 files fetched\n", await this.OkAsync("fetch"));
    }

    [Fact]
    public async Task Gc_keeps_what_another_project_of_the_same_cache_uses_and_drops_runs_without_outputs()
    {
        await this.StartAsync();
        this.folder.Write("r/dvc.yaml", "stages:\n  one:\n    cmd: (cat a; echo one) > m1\n    deps: [a]\n    outs: [m1]\n");
        await this.OkAsync("repro");
        Directory.CreateDirectory(this.folder.Of("other/.dvc"));
        File.Copy(this.folder.Of("r/a.dvc"), this.folder.Of("other/a.dvc"));
        this.folder.Write("other/.dvc/config", $"[cache]\n    dir = {this.folder.Of("r/.dvc/cache")}\n");
        this.folder.Write("r/a", "changed\n");
        await this.OkAsync("add", "a");
        await this.OkAsync("repro");
        Assert.Equal("Removed 1 objects from repo cache.\nRemoved 1 runs from the run cache.\n", await this.OkAsync("gc", "-w", "-f", "-p", this.folder.Of("other")));
        Assert.Equal("Removed 1 objects from repo cache.\n", await this.OkAsync("gc", "-w", "-f"));
        Assert.Contains("didn't change", await this.OkAsync("repro"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outputs_go_to_the_remote_that_they_name_or_to_none()
    {
        await this.StartAsync();
        await this.OkAsync("remote", "add", "-d", "disk", this.folder.Of("store"));
        await this.OkAsync("remote", "add", "mine", this.folder.Of("mine"));
        File.AppendAllLines(this.folder.Of("r/a.dvc"), ["  remote: mine"]);
        File.AppendAllLines(this.folder.Of("r/d.dvc"), ["  push: false"]);
        Assert.Equal("1 file pushed\n", await this.OkAsync("push"));
        Assert.True(Directory.Exists(this.folder.Of("mine/files")));
        Assert.False(Directory.Exists(this.folder.Of("store")));
        Assert.Equal("Everything is up to date.\n", await this.OkAsync("push", "-r", "disk"));
    }

    private static string Sorted(string json, params string[] keys)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        return new JsonObject(keys.Select(key => KeyValuePair.Create(key, node[key]?.DeepClone()))).ToJsonString();
    }

    private async Task StartAsync()
    {
        await this.GitAsync("init", "-q", "-b", "main");
        await this.OkAsync("init");
        this.folder.Write("r/a", "1\n");
        this.folder.Write("r/d/x", "2\n");
        this.folder.Write("r/d/y", "3\n");
        await this.OkAsync("add", "a", "d");
    }

    private void Forget()
    {
        Directory.Delete(this.folder.Of("r/.dvc/cache"), recursive: true);
        Directory.Delete(this.folder.Of("r/.dvc/tmp"), recursive: true);
        foreach (var file in new[] { "a", "m1", "m2" })
            File.Delete(this.folder.Of("r", file));
        if (Directory.Exists(this.folder.Of("r/d")))
            Directory.Delete(this.folder.Of("r/d"), recursive: true);
    }

    private async Task CommitAsync(string message)
    {
        await this.GitAsync("add", "-A");
        await this.GitAsync("commit", "-q", "-m", message);
    }

    private async Task GitAsync(params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = this.folder.Of("r"), RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in this.environment)
            start.Environment[name] = value;
        foreach (var name in new[] { "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME" })
            start.Environment[name] = "test";
        foreach (var name in new[] { "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL" })
            start.Environment[name] = "test@localhost";
        using var git = System.Diagnostics.Process.Start(start)!;
        var error = await git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.True(git.ExitCode == 0, error);
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
        var context = new CliContext
        {
            Out = output, Error = error, Environment = this.environment, WorkingDirectory = this.folder.Of("r"), Time = TimeProvider.System, ReadAnswer = this.answer.Length == 0 ? null : () => this.answer,
        };
        return (await CommandLine.RunAsync(arguments, context), output.ToString(), error.ToString());
    }
}
