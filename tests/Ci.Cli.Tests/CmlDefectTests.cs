using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary>What CML was seen to do wrong, through our command line against the simulated forge.</summary>
public sealed class CmlDefectTests : IAsyncLifetime
{
    private const string Slug = "acme/energy-load";
    private readonly TemporaryFolder folder = new();
    private GitHubSimulator forge = null!;
    private string head = "";

    public async Task InitializeAsync()
    {
        this.forge = await GitHubSimulator.StartAsync(this.folder.Of("forge"));
        var repository = this.forge.CreateRepository(Slug);
        repository.CommitFiles("main", "Start", ("a.txt", "a"));
        this.head = repository.CommitFiles("change", "Change", ("b.txt", "b"));
        await this.OkAsync("--cd", this.Bare, "pr", "create", "--branch", "change", "--title", "A change");
        this.forge.Clear();
    }

    public async Task DisposeAsync()
    {
        await this.forge.DisposeAsync();
        this.folder.Dispose();
    }

    [Fact]
    public async Task Preparing_a_clone_leaves_the_users_git_configuration_and_the_token_alone()
    {
        var home = Directory.CreateDirectory(this.folder.Of("home")).FullName;
        var clone = this.folder.Of("clone");
        await GitAsync(".", "clone", "--quiet", "--depth", "1", this.forge.GitUrl(Slug), clone);
        await GitAsync(clone, "config", "http." + this.forge.ServerUrl + ".extraheader", "Authorization: Basic old");

        for (var i = 0; i < 2; i++)
            await this.OkAsync("--cd", clone, "repo", "prepare", "--unshallow", "--user-name", "Ada");

        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
        var config = await File.ReadAllTextAsync(Path.Combine(clone, ".git", "config"));
        Assert.Contains("name = Ada", config, StringComparison.Ordinal);
        Assert.DoesNotContain(this.forge.JobToken, config, StringComparison.Ordinal);
        Assert.DoesNotContain("Basic old", config, StringComparison.Ordinal);
        Assert.Equal(1, config.Split("$GITHUB_TOKEN").Length - 1);
        // Git itself signs in with it: an anonymous push would be refused.
        await GitAsync(clone, "push", "--quiet", "origin", "HEAD:refs/heads/pushed");
        Assert.NotNull(this.forge.Repository(Slug).Branch("pushed"));
    }

    [Fact]
    public async Task An_update_is_two_calls_and_nobody_but_the_forge_is_called()
    {
        await this.OkAsync("comment", "create", this.Report("one"), "--pr", "1");
        this.forge.Clear();

        await this.OkAsync("comment", "update", this.Report("two"), "--pr", "1");

        Assert.Equal(["POST /api/graphql", $"PATCH /api/v3/repos/{Slug}/issues/comments/{this.forge.Comments(Slug)[0].Id}"], this.forge.Requests.Select(r => $"{r.Method} {r.Path}"));
    }

    [Fact]
    public async Task One_bad_gateway_at_any_call_changes_nothing()
    {
        foreach (var method in new[] { "GET", "POST", "PATCH" })
        {
            this.forge.Faults.FailNext(1, 502, method: method);
            await this.OkAsync("comment", "create", this.Report($"after {method}"), "--pr", "1");
        }

        Assert.EndsWith("after PATCH", Assert.Single(this.forge.Comments(Slug)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_body_is_cut_and_posted()
    {
        await this.OkAsync("comment", "create", this.Report(string.Concat(Enumerable.Repeat("größer als erlaubt\n", 9000))), "--pr", "1");

        Assert.Contains("The rest is cut", Assert.Single(this.forge.Comments(Slug)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_rights_is_told_the_permission_and_never_shown()
    {
        var token = this.forge.AddToken("github-actions[bot]", SimulatedToken.ReadOnly, isApp: true);

        var (code, output, error) = await this.RunAsync(token, "comment", "create", this.Report("x"), "--pr", "1", "--verbose");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("pull-requests: write", error, StringComparison.Ordinal);
        Assert.DoesNotContain(token, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_that_is_gone_is_named()
    {
        var (code, _, error) = await this.RunAsync(null, "comment", "create", this.Report("x"), "--pr", "99");

        Assert.Equal(ExitCode.Error, code);
        Assert.Contains("#99", error, StringComparison.Ordinal);
        Assert.Contains("deleted", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CMLs_words_and_variables_are_understood()
    {
        var variables = new Dictionary<string, string> { ["CML_COMMENT_WATERMARK_TITLE"] = "Report {run}", ["CML_SEND_COMMENT_TARGET"] = "pr/1", ["CML_COMMENT_PUBLISH"] = "false" };

        var (code, output, _) = await this.RunAsync(null, ["send-comment", this.Report("x")], variables);

        Assert.Equal(ExitCode.Ok, code);
        var comment = Assert.Single(this.forge.Comments(Slug));
        Assert.Contains("key=Report-1 ", comment.Body, StringComparison.Ordinal);
        Assert.EndsWith($"#issuecomment-{comment.Id}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "issue/1")]
    [InlineData("--pr")]
    [InlineData("--pr=1")]
    public async Task Targets_are_named_as_in_CML(params string[] options)
    {
        var variables = new Dictionary<string, string> { ["GITHUB_REF"] = "refs/pull/1/merge" };

        var (code, _, error) = await this.RunAsync(null, ["comment", "create", .. options, this.Report("x")], variables);

        Assert.True(code == 0, error);
        Assert.Equal(1, Assert.Single(this.forge.Comments(Slug)).PullRequest);
    }

    [Fact]
    public async Task A_commit_named_alone_gets_the_comment()
    {
        await this.OkAsync("comment", "create", this.Report("x"), "--commit-sha", this.head);

        Assert.Equal(this.head, Assert.Single(this.forge.Comments(Slug)).Commit);
    }

    [Fact]
    public async Task Without_a_marker_every_comment_is_a_new_one()
    {
        this.forge.Faults.LoseAnswersOfNext(1, "POST");
        await this.OkAsync("comment", "create", this.Report("x"), "--pr", "1", "--rm-watermark");
        await this.OkAsync("comment", "create", this.Report("y"), "--pr", "1", "--rm-watermark");

        Assert.Equal(["x", "y"], this.forge.Comments(Slug).Select(c => c.Body));
    }

    [Theory]
    [InlineData("runner", "launch")]
    [InlineData("tensorboard", "connect")]
    public async Task What_CML_has_and_we_do_not_is_said(params string[] words)
    {
        var (code, _, error) = await this.RunAsync(null, words);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"there is no `mlops {words[0]}`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asset_is_published_as_Markdown_and_goes_with_its_pull_request()
    {
        var file = this.folder.Write("a figure.svg", "<svg/>");

        var output = await this.OkAsync("asset", "publish", file, "--md", "--title", "R\"oc", "--pr", "1");
        var removed = await this.OkAsync("comment", "prune", "--pr", "1");
        var again = await this.OkAsync("asset", "prune", "--pr", "1");

        Assert.StartsWith($"![]({this.forge.ServerUrl}{Slug}/raw/", output, StringComparison.Ordinal);
        Assert.EndsWith(".svg \"R\\\"oc\")\n", output, StringComparison.Ordinal);
        Assert.Contains("removed", removed, StringComparison.Ordinal);
        Assert.Contains("no published files", again, StringComparison.Ordinal);
        Assert.Null(this.forge.Repository(Slug).Resolve("refs/mlops/assets/pull/1"));
    }

    [Fact]
    public async Task Pictures_that_may_not_be_published_become_links_to_the_jobs_files()
    {
        this.folder.Write("f/a.svg", "<svg/>");
        var report = this.folder.Write("f/report.md", "- [ ] x\n![RMSE](a.svg \"t\") and ![](a.svg)\n");
        var rights = SimulatedToken.Everything.ToDictionary(r => r.Key, r => r.Key == Area.Contents ? Access.Read : r.Value);
        var token = this.forge.AddToken("github-actions[bot]", rights, isApp: true);

        var (code, _, error) = await this.RunAsync(token, "comment", "create", report, "--pr", "1");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("contents: write", error, StringComparison.Ordinal);
        var run = $"{this.forge.ServerUrl}{Slug}/actions/runs/1";
        Assert.EndsWith($"\n- [ ] x\n[RMSE]({run} \"t\") and [picture]({run})\n\n_1 of 1 pictures could not be shown here: they are among the [files of this run]({run})._\n", Assert.Single(this.forge.Comments(Slug)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_outside_the_folder_links_and_hostile_names_are_left_out()
    {
        this.folder.Write("secret.svg", "<svg>secret</svg>");
        Directory.CreateDirectory(this.folder.Of("f"));
        File.CreateSymbolicLink(this.folder.Of("f", "link.svg"), this.folder.Of("secret.svg"));
        Directory.CreateSymbolicLink(this.folder.Of("f", "up"), this.folder.Path);
        var text = "![a](../secret.svg)\n![b](link.svg)\n![c](up/secret.svg)\n![d](%2e%2e/secret.svg)\n![e](<::error::x.svg>)\n![f](%00.svg)\n";
        var report = this.folder.Write("f/report.md", text);

        var (code, output, error) = await this.RunAsync(null, "comment", "create", report, "--pr", "1");

        Assert.True(code == 0, error);
        Assert.EndsWith("\n" + text, Assert.Single(this.forge.Comments(Slug)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain((output + error).Split('\n'), line => line.StartsWith("::", StringComparison.Ordinal));
        Assert.Null(this.forge.Repository(Slug).Resolve("refs/mlops/assets/pull/1"));
    }

    [Theory]
    [InlineData(0, "success")]
    [InlineData(3, "failure")]
    public async Task A_check_says_how_its_command_ended(int code, string conclusion)
    {
        var (ended, _, _) = await this.RunAsync(null, "check", "run", "--title", "mlops/train", "--", "sh", "-c", $"exit {code}");

        Assert.Equal(code, ended);
        Assert.Equal(["POST", "PATCH"], this.forge.Requests.Where(r => r.Path.Contains("check-runs", StringComparison.Ordinal) && r.Method != "GET").Select(r => r.Method));
        Assert.Equal(("mlops/train", "completed", conclusion), this.forge.Checks(Slug).Select(c => (c.Name, c.Status, c.Conclusion)).Single());
    }

    [Fact]
    public async Task A_watched_file_is_posted_once_a_change_and_its_last_words_at_the_end()
    {
        var report = this.Report("one");
        using var stop = new CancellationTokenSource();
        var running = CommentWatchRun(report, stop.Token);
        await this.UntilAsync(() => this.forge.Comments(Slug).Count == 1);
        for (var i = 0; i < 5; i++)
        {
            this.Report($"draft {i}");
            await Task.Delay(100);
        }

        await this.UntilAsync(() => this.forge.Comments(Slug)[0].Body.EndsWith("draft 4", StringComparison.Ordinal));
        this.Report("last words");
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await running);
        Assert.EndsWith("last words", Assert.Single(this.forge.Comments(Slug)).Body, StringComparison.Ordinal);
        Assert.Equal(2, this.forge.Requests.Count(r => r.Method == "PATCH"));

        Task<int> CommentWatchRun(string path, CancellationToken ct)
        {
            var context = this.Context(null, [], new StringWriter(), new StringWriter());
            return CommandLine.Parse(["comment", "create", path, "--pr", "1", "--watch"], context).InvokeAsync(null, ct);
        }
    }

    private string Bare => this.folder.Of("forge", Slug + ".git");

    private string Report(string text) => this.folder.Write("report.md", text);

    private async Task UntilAsync(Func<bool> reached)
    {
        for (var i = 0; !reached(); i++)
        {
            Assert.True(i < 150, "it did not come");
            await Task.Delay(100);
        }
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        var (code, output, error) = await this.RunAsync(null, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return output;
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string? token, params string[] arguments) => this.RunAsync(token, arguments, []);

    private async Task<(int Code, string Output, string Error)> RunAsync(string? token, string[] arguments, Dictionary<string, string> variables)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (await CommandLine.RunAsync(arguments, this.Context(token, variables, output, error)), output.ToString(), error.ToString());
    }

    private CliContext Context(string? token, Dictionary<string, string> variables, StringWriter output, StringWriter error)
    {
        var environment = new Dictionary<string, string>(this.forge.JobEnvironment(Slug, this.head, token))
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["HOME"] = this.folder.Of("home"), ["MLOPS_FORGE_DEADLINE"] = "20",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        return new CliContext { Out = output, Error = error, Environment = environment, WorkingDirectory = this.folder.Path, Time = TimeProvider.System };
    }

    private async Task GitAsync(string at, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = at, UseShellExecute = false, RedirectStandardError = true };
        foreach (var (name, value) in GitIsolation.Environment)
            start.Environment[name] = value;
        start.Environment["GITHUB_TOKEN"] = this.forge.JobToken;
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        using var git = System.Diagnostics.Process.Start(start)!;
        var error = await git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.True(git.ExitCode == 0, error);
    }
}
