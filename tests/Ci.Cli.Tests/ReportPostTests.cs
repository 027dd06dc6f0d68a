using Ci.Evaluation;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

public sealed class ReportPostTests : IAsyncLifetime
{
    private PostWorld world = null!;

    public async Task InitializeAsync() => this.world = await PostWorld.StartAsync();

    public async Task DisposeAsync() => await this.world.DisposeAsync();

    [Fact]
    public async Task One_command_posts_comment_check_summary_annotations_and_widget_files()
    {
        var job = this.world.PullJob(await this.world.OpenAsync());
        await this.world.RunAsync(job, "report", "begin");
        Assert.Equal(("mlops/verdict", "in_progress"), this.Check());

        var surfaces = await this.world.PostAsync(job, "--junit", "report/junit.xml", "--open-metrics", "report/metrics.txt");

        foreach (var name in (string[])["comment", "check", "summary", "annotations", "junit", "open-metrics", "pictures"])
            Assert.Equal("posted", PostWorld.State(surfaces, name));
        var body = Assert.Single(this.world.Forge.Comments(PostWorld.Slug)).Body;
        Assert.Contains("**energy-load: worse.**", body, StringComparison.Ordinal);
        Assert.Contains("/raw/", body, StringComparison.Ordinal);
        Assert.Equal(("mlops/verdict", "failure"), this.Check());
        Assert.Contains("**energy-load: worse.**", File.ReadAllText(this.world.Summary), StringComparison.Ordinal);
        Assert.Contains("<failure message=\"as measured", this.world.Read("report/junit.xml"), StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", this.world.Read("report/metrics.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Posting_again_changes_nothing_and_a_pass_turns_the_check_green()
    {
        var job = this.world.PullJob(await this.world.OpenAsync());
        await this.world.PostAsync(job);
        var again = await this.world.PostAsync(job);
        Assert.Contains("unchanged", again.First(s => (string)s!["surface"]! == "comment")!.ToJsonString(), StringComparison.Ordinal);
        this.world.WriteReport(PostWorld.Gate("RMSE", Outcome.Pass, -661, -718, -603));
        await this.world.PostAsync(job);
        Assert.Equal(("mlops/verdict", "success"), this.Check());
        Assert.Single(this.world.Forge.Comments(PostWorld.Slug));
    }

    [Fact]
    public async Task A_token_without_rights_leaves_summary_annotations_and_log_and_names_what_is_missing()
    {
        var number = await this.world.OpenAsync();
        var token = this.world.Forge.AddToken("github-actions[bot]", SimulatedToken.ReadOnly, isApp: true);

        var surfaces = await this.world.PostAsync(this.world.PullJob(number, token));
        var (code, output, error) = await this.world.RunAsync(this.world.PullJob(number, token), "report", "post");

        Assert.Equal("refused", PostWorld.State(surfaces, "comment"));
        Assert.Contains("pull-requests: write", PostWorld.Permission(surfaces, "comment"), StringComparison.Ordinal);
        Assert.Equal(("refused", "checks: write"), (PostWorld.State(surfaces, "check"), PostWorld.Permission(surfaces, "check")));
        Assert.Equal(("posted", "posted"), (PostWorld.State(surfaces, "summary"), PostWorld.State(surfaces, "annotations")));
        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("energy-load: worse.", output, StringComparison.Ordinal);
        Assert.Contains("::error file=gates.yaml,line=2,title=RMSE%3A regress::", error, StringComparison.Ordinal);
        Assert.Contains("::warning file=gates.yaml,line=6,title=R\u00B2 <b>@octocat</b>%3A inconclusive::", error, StringComparison.Ordinal);
        Assert.Contains("pull-requests: write", error, StringComparison.Ordinal);
        Assert.Empty(this.world.Forge.Comments(PostWorld.Slug));
    }

    [Fact]
    public async Task No_line_of_the_log_becomes_a_command()
    {
        this.world.WriteReport(PostWorld.Gate("::set-output name=x::y\n##[add-mask]a", Outcome.Regress, 661, 603, 718));
        var token = this.world.Forge.AddToken("nobody", SimulatedToken.ReadOnly, isApp: true);
        var (_, output, error) = await this.world.RunAsync(this.world.PullJob(await this.world.OpenAsync(), token), "report", "post");
        var commands = (output + error).Split('\n').Where(line => line.TrimStart().StartsWith("::", StringComparison.Ordinal) || line.Contains("##[", StringComparison.Ordinal));
        Assert.All(commands, line => Assert.Matches("^::(error|warning) file=gates.yaml", line));
        Assert.Contains("regress: :\u2060:set-output", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_the_forge_refuses_become_Mermaid()
    {
        var token = this.world.Forge.AddToken("github-actions[bot]", new Dictionary<Area, Access> { [Area.PullRequests] = Access.Write, [Area.Issues] = Access.Write, [Area.Contents] = Access.Read, [Area.Checks] = Access.Write }, isApp: true);
        this.world.Write("report/report.json", File.ReadAllText(Ci.Testing.RepositoryRoot.At("tests", "Ci.Reporting.Tests", "Samples", "energy-load.report.json")));

        var surfaces = await this.world.PostAsync(this.world.PullJob(await this.world.OpenAsync(), token));

        Assert.Equal(("refused", "contents: write"), (PostWorld.State(surfaces, "pictures"), PostWorld.Permission(surfaces, "pictures")));
        var body = Assert.Single(this.world.Forge.Comments(PostWorld.Slug)).Body;
        Assert.Contains("```mermaid\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("![", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_that_was_deleted_costs_the_comment_alone()
    {
        var number = await this.world.OpenAsync();
        var job = this.world.PullJob(number);
        this.world.Forge.DeletePull(PostWorld.Slug, number);
        var surfaces = await this.world.PostAsync(job);
        Assert.Equal(("refused", "posted"), (PostWorld.State(surfaces, "comment"), PostWorld.State(surfaces, "check")));
    }

    [Fact]
    public async Task Switched_off_surfaces_stay_untouched_and_a_laptop_has_the_log()
    {
        var surfaces = await this.world.PostAsync(this.world.PullJob(await this.world.OpenAsync()), "--no-comment", "--no-check", "--no-summary", "--no-annotations", "--pictures", "none");
        Assert.All(surfaces, surface => Assert.Equal("skipped", (string)surface!["state"]!));
        Assert.Empty(this.world.Forge.Comments(PostWorld.Slug));
        Assert.Empty(this.world.Forge.Checks(PostWorld.Slug));
        Assert.False(File.Exists(this.world.Summary));

        var (code, output, _) = await this.world.RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), "report", "post");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("  regress: RMSE: as measured", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_was_begun_fails_where_the_job_dies_and_a_completed_one_stays()
    {
        var job = this.world.PullJob(await this.world.OpenAsync());
        Assert.Contains("never begun", (await this.world.RunAsync(job, "report", "abort")).Output, StringComparison.Ordinal);
        await this.world.RunAsync(job, "report", "begin");
        await this.world.RunAsync(job, "report", "abort");
        Assert.Equal(("mlops/verdict", "failure"), this.Check());

        this.world.WriteReport(PostWorld.Gate("RMSE", Outcome.Pass, -661, -718, -603));
        await this.world.PostAsync(job);
        await this.world.RunAsync(job, "report", "abort");
        Assert.Equal(("mlops/verdict", "success"), this.Check());
    }

    private (string Name, string State) Check()
    {
        var check = this.world.Forge.Checks(PostWorld.Slug).Last();
        return (check.Name, check.Conclusion ?? check.Status);
    }
}
