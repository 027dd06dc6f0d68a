using System.Text.RegularExpressions;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary>What the action's container starts, with the variables of GitHub's runner.</summary>
public sealed partial class ActionTests : IAsyncLifetime
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
        Directory.CreateDirectory(this.folder.Of("checkout", "sub folder"));
        await File.WriteAllTextAsync(this.folder.Of("checkout", "report.md"), "better\n");
    }

    public async Task DisposeAsync()
    {
        await this.forge.DisposeAsync();
        this.folder.Dispose();
    }

    [Fact]
    public async Task A_recorded_event_ends_in_one_comment_and_the_outputs()
    {
        var (opened, _) = await this.RunAsync($"--cd '{this.folder.Of("forge", Slug + ".git")}' pr create --branch change --title 'A change'", ("GITHUB_OUTPUT", ""));
        Assert.Equal(ExitCode.Ok, opened);
        var happened = this.forge.WritePullRequestEvent(Slug, 1, this.folder.Of("event.json"));

        var (code, log) = await this.RunAsync("# first\n\ncomment create report.md --key k\r\n  version  ", ("GITHUB_EVENT_PATH", happened));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("better", Assert.Single(this.forge.Comments(Slug)).Body, StringComparison.Ordinal);
        Assert.Contains("::group::mlops comment create report.md --key k\n", log, StringComparison.Ordinal);
        Assert.Matches(@"^comment-url<<END\nhttp\S+\nEND\nexit-code<<END\n0\nEND\n$", this.Outputs());
        Assert.DoesNotContain("::error", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_cannot_speak_to_the_runner_and_we_can()
    {
        Assert.Equal(ExitCode.Ok, (await this.RunAsync("init --no-scm")).Code);
        await File.WriteAllTextAsync(this.folder.Of("checkout", "dvc.yaml"), "stages:\n  s:\n    cmd: printf '::add-path::/owned\\n::stop-commands::x\\nopen end' && env > seen && exit 1\n");

        var (code, log) = await this.RunAsync("repro", ("GITHUB_OUTPUT", ""));

        // What a failed stage is to DVC.
        Assert.Equal(255, code);
        var obeyed = Obeyed(log);
        Assert.All(obeyed, line => Assert.Matches("^::(group|endgroup|error)[: ]", line));
        Assert.StartsWith("::error title=mlops repro::ended with exit code 255: ", Assert.Single(obeyed, line => line.StartsWith("::error", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("::add-path::/owned", log, StringComparison.Ordinal);
        var seen = await File.ReadAllTextAsync(this.folder.Of("checkout", "seen"));
        Assert.DoesNotContain("INPUT_", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(StopWord().Match(log).Groups["word"].Value, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("ACTIONS_RUNTIME_TOKEN", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_masked_before_anything_else_and_is_what_verbs_use()
    {
        var token = this.forge.AddToken("reader", SimulatedToken.ReadOnly, isApp: true);

        var (code, log) = await this.RunAsync("comment create report.md --pr 1", ("INPUT_TOKEN", token));

        Assert.StartsWith($"::add-mask::{token}\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain(token, log[(log.IndexOf('\n', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal);
        Assert.NotEqual(ExitCode.Ok, code);
        Assert.All(this.forge.Requests, request => Assert.Equal("reader", request.Identity));
    }

    [Fact]
    public async Task It_stops_at_the_first_failure_with_its_exit_code_and_one_annotation()
    {
        var (code, log) = await this.RunAsync("comment create none.md\nversion");

        Assert.Equal(ExitCode.Error, code);
        Assert.Equal("exit-code<<END\n1\nEND\n", this.Outputs());
        Assert.DoesNotContain("::group::mlops version", log, StringComparison.Ordinal);
        Assert.Contains("none.md", Assert.Single(log.Split('\n'), line => line.StartsWith("::error title=mlops comment create::", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_codes_that_were_named_let_the_next_lines_run_and_are_how_it_ends()
    {
        var (code, log) = await this.RunAsync("comment create none.md\nversion", ("INPUT_CONTINUE-ON-EXIT-CODES", "1, 4"));

        Assert.Equal(ExitCode.Error, code);
        Assert.Contains("::group::mlops version", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_after_a_verdict_is_how_it_ends()
    {
        var (code, _) = await this.RunAsync("comment create none.md\nno-such-verb\nversion", ("INPUT_CONTINUE-ON-EXIT-CODES", "1"));

        Assert.Equal(ExitCode.Usage, code);
    }

    [Fact]
    public async Task It_runs_in_the_working_directory()
    {
        Assert.Equal(ExitCode.Ok, (await this.RunAsync("init --no-scm", ("INPUT_WORKING-DIRECTORY", "sub folder"))).Code);

        Assert.True(Directory.Exists(this.folder.Of("checkout", "sub folder", ".dvc")));
    }

    [Theory]
    [InlineData("INPUT_COMMAND", "version\nrepro \"open", "line 2 of the input `command` opens a double quote")]
    [InlineData("INPUT_COMMAND", "", "the input `command` is empty")]
    [InlineData("INPUT_MODE", "preview", "the input `mode` is run, evaluate or report, not 'preview'")]
    [InlineData("INPUT_WORKING-DIRECTORY", "../up", "the input `working-directory` is a folder below the checkout, not '../up'")]
    [InlineData("INPUT_WORKING-DIRECTORY", "nowhere", "the checkout has no such folder")]
    [InlineData("INPUT_CONTINUE-ON-EXIT-CODES", "3;4", "`3 4`, not '3;4'")]
    [InlineData("INPUT_KEY", "k", "belong to `mode: report`")]
    [InlineData("INPUT_FIGURES", "gif", "is auto, images, mermaid or none, not 'gif'")]
    public async Task A_wrong_input_runs_nothing_and_says_how_to_write_it(string name, string value, string expected)
    {
        var (code, log) = await this.RunAsync("init --no-scm", (name, value));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, log, StringComparison.Ordinal);
        Assert.Contains("::error title=mlops action::", log, StringComparison.Ordinal);
        Assert.DoesNotContain("::group::", log, StringComparison.Ordinal);
        Assert.Equal("exit-code<<END\n2\nEND\n", this.Outputs());
    }

    [Fact]
    public async Task Outside_GitHub_no_workflow_command_is_written()
    {
        var (code, log) = await this.RunAsync("version", ("GITHUB_ACTIONS", ""));

        Assert.Equal((ExitCode.Ok, "0.1.0\n"), (code, log));
    }

    private string Outputs() => File.ReadAllText(this.folder.Of("outputs"));

    // As the runner reads a log: commands count at the start of a line, and not between a stop and its word.
    private static List<string> Obeyed(string log)
    {
        var obeyed = new List<string>();
        string? word = null;
        foreach (var line in log.Split('\n').Where(line => line.StartsWith("::", StringComparison.Ordinal)))
        {
            if (word is not null && line == $"::{word}::")
                word = null;
            else if (word is null && StopWord().Match(line) is { Success: true } stop)
                word = stop.Groups["word"].Value;
            else if (word is null)
                obeyed.Add(line);
        }

        return obeyed;
    }

    private async Task<(int Code, string Log)> RunAsync(string command, params (string Name, string Value)[] more)
    {
        using var log = new StringWriter();
        var environment = new Dictionary<string, string>(GitIsolation.Environment);
        foreach (var (name, value) in this.forge.JobEnvironment(Slug, this.head))
            environment[name] = value;
        foreach (var (name, value) in ((string, string)[])[("PATH", "/usr/local/bin:/usr/bin:/bin"), ("GITHUB_OUTPUT", this.folder.Of("outputs")), ("INPUT_COMMAND", command), ("ACTIONS_RUNTIME_TOKEN", "runner"), .. more])
            environment[name] = value;
        var context = new CliContext { Out = log, Error = log, Environment = environment, WorkingDirectory = this.folder.Of("checkout"), Time = TimeProvider.System };
        var code = await CommandLine.RunAsync(["action"], context);
        return (code, log.ToString());
    }

    [GeneratedRegex("^::stop-commands::(?<word>[0-9a-f]{32})", RegexOptions.Multiline)]
    private static partial Regex StopWord();
}
