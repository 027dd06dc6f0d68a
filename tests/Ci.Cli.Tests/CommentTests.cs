using System.Text.Json.Nodes;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

public sealed class CommentTests : IAsyncLifetime
{
    private const string Slug = "acme/energy-load";
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-comment").FullName;
    private GitHubSimulator forge = null!;
    private string head = "";

    public async Task InitializeAsync()
    {
        this.forge = await GitHubSimulator.StartAsync(Path.Combine(this.folder, "forge"));
        var repository = this.forge.CreateRepository(Slug);
        repository.CommitFiles("main", "Start", ("a.txt", "a"));
        this.head = repository.CommitFiles("change", "Change", ("b.txt", "b"));
        Directory.CreateDirectory(Path.Combine(this.folder, "report", "figures"));
        await File.WriteAllTextAsync(Path.Combine(this.folder, "report", "figures", "rmse.svg"), "<svg/>");
    }

    public async Task DisposeAsync()
    {
        await this.forge.DisposeAsync();
        Directory.Delete(this.folder, recursive: true);
    }

    [Fact]
    public async Task A_report_is_posted_with_its_pictures_and_every_other_byte_as_written()
    {
        const string Text = "- [ ] todo\n> [!WARNING]\n> $x_1$\n\n![RMSE](figures/rmse.svg \"RMSE\") `![no](figures/rmse.svg)`\n\n```\n![no](figures/rmse.svg)\n```\n![web](https://example.org/x.png)\n![out](../secret.svg)\n<img alt='a' src=\"figures/rmse.svg\">\n";
        this.Write(Text);

        var opened = await this.Run("pr", "create", "--branch", "change", "--title", "A change");
        var (code, output, error) = await this.Run("comment", "create", "report/report.md", "--key", "energy-load", "--pr", "1");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (opened.Code, code));
        Assert.Contains("comment on #1 created", error, StringComparison.Ordinal);
        Assert.Equal(this.forge.ServerUrl + Slug + "/pull/1#issuecomment-" + this.forge.Comments(Slug)[0].Id, output.Trim());
        var body = Assert.Single(this.forge.Comments(Slug)).Body;
        var text = body[(body.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        var address = text.Split("![RMSE](")[1].Split(' ')[0];
        Assert.Equal(Text.Replace("![RMSE](figures/rmse.svg", $"![RMSE]({address}", StringComparison.Ordinal).Replace("src=\"figures/rmse.svg\"", $"src=\"{address}\"", StringComparison.Ordinal), text);
        using var http = new HttpClient();
        Assert.Equal("<svg/>", await http.GetStringAsync(new Uri(address)));
    }

    [Fact]
    public async Task Posting_again_keeps_one_comment_and_says_what_happened()
    {
        this.Write("one\n");
        await this.Run("pr", "create", "--branch", "change", "--title", "A change");

        var first = await this.Run("comment", "update", "report/report.md", "--key", "k", "--pr", "1", "--json");
        await this.Run("comment", "create", "report/report.md", "--key", "k", "--pr", "1");
        var again = await this.Run("comment", "create", "report/report.md", "--key", "k", "--pr", "1", "--json");

        Assert.Equal("created", (string)JsonNode.Parse(first.Output)!["action"]!);
        Assert.Equal("unchanged", (string)JsonNode.Parse(again.Output)!["action"]!);
        Assert.Single(this.forge.Comments(Slug));
    }

    [Fact]
    public async Task The_check_takes_its_conclusion_as_told()
    {
        this.Write("| gate |\n");

        var (code, output, _) = await this.Run("check", "create", "report/report.md", "--title", "mlops/verdict", "--conclusion", "neutral", "--commit-sha", this.head);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("mlops/verdict", output, StringComparison.Ordinal);
        var check = Assert.Single(this.forge.Checks(Slug));
        Assert.Equal(("mlops/verdict", "neutral", this.head), (check.Name, check.Conclusion, check.HeadSha));
    }

    [Fact]
    public async Task An_unreachable_forge_is_exit_code_6_and_named()
    {
        this.Write("x\n");

        var (code, _, error) = await this.Run("comment", "create", "report/report.md", "--pr", "1", "--api-url", "http://forge.invalid/api/v3");

        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Contains("forge.invalid", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_rights_is_exit_code_5_and_names_the_permission()
    {
        this.Write("x\n");
        await this.Run("pr", "create", "--branch", "change", "--title", "A change");
        var token = this.forge.AddToken("github-actions[bot]", SimulatedToken.ReadOnly, isApp: true);

        var (code, _, error) = await this.RunAs(token, "comment", "create", "report/report.md", "--pr", "1");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("pull-requests: write", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("comment", "create", "report/none.md", "--pr", "1")]
    [InlineData("comment", "create", "report/report.md", "--target", "somewhere")]
    [InlineData("check", "create", "report/report.md", "--conclusion", "fine")]
    public async Task Wrong_words_end_in_one_line_and_nothing_is_sent(params string[] arguments)
    {
        this.Write("x\n");

        var (code, _, error) = await this.Run(arguments);

        Assert.NotEqual(ExitCode.Ok, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Empty(this.forge.Requests);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(this.folder, "report", "report.md"), text);

    private Task<(int Code, string Output, string Error)> Run(params string[] arguments) => this.RunAs(this.forge.JobToken, arguments);

    private async Task<(int Code, string Output, string Error)> RunAs(string token, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new Dictionary<string, string>(this.forge.JobEnvironment(Slug, this.head, token)) { ["MLOPS_FORGE_DEADLINE"] = Array.Exists(arguments, a => a.Contains("forge.invalid", StringComparison.Ordinal)) ? "2" : "60", ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };
        var context = new CliContext
        {
            Out = output, Error = error, Environment = environment, WorkingDirectory = Path.Combine(this.folder, "forge", Slug + ".git"), Time = TimeProvider.System,
        };
        string[] placed = [.. arguments.Select(a => a.StartsWith("report/", StringComparison.Ordinal) ? Path.Combine(this.folder, a) : a)];
        var code = await CommandLine.RunAsync(placed, context);
        return (code, output.ToString(), error.ToString());
    }
}
