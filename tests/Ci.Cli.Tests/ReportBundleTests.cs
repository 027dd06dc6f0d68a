using Ci.Evaluation;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

public sealed class ReportBundleTests : IAsyncLifetime
{
    private const string Fork = "mallory/energy-load";

    private PostWorld world = null!;
    private int number;

    public async Task InitializeAsync()
    {
        this.world = await PostWorld.StartAsync();
        this.number = this.world.Forge.OpenForkPull(PostWorld.Slug, Fork, "change");
        this.world.WriteReport(PostWorld.Gate("RMSE", Outcome.Pass, -661, -718, -603));
    }

    public async Task DisposeAsync() => await this.world.DisposeAsync();

    [Fact]
    public async Task A_fork_s_report_is_rendered_from_data_marked_as_the_fork_s_and_a_person_decides()
    {
        await this.BundleAsync();
        var surfaces = await this.world.PostAsync(this.Trusted(), "--bundle", "bundle.zip");

        Assert.Equal(("posted", "posted"), (PostWorld.State(surfaces, "comment"), PostWorld.State(surfaces, "check")));
        var body = Assert.Single(this.world.Forge.Comments(PostWorld.Slug)).Body;
        Assert.Contains("**Measured by a fork's job** (<code>mallory/energy-load</code>)", body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", body, StringComparison.Ordinal);
        Assert.Contains($"{PostWorld.Slug}/actions/runs/77)", body, StringComparison.Ordinal);
        Assert.Contains(this.world.Head[..12], body, StringComparison.Ordinal);
        var check = Assert.Single(this.world.Forge.Checks(PostWorld.Slug));
        Assert.Equal(("action_required", this.world.Head), (check.Conclusion, check.HeadSha));
    }

    [Fact]
    public async Task Who_accepts_forks_verdicts_says_so_and_regressions_fail_in_any_case()
    {
        await this.BundleAsync();
        await this.world.PostAsync(this.Trusted(), "--bundle", "bundle.zip", "--accept-fork-verdict", "--out", "shown");
        Assert.Equal("success", Assert.Single(this.world.Forge.Checks(PostWorld.Slug)).Conclusion);
        Assert.Contains("mallory/energy-load", this.world.Read("shown/report.json"), StringComparison.Ordinal);

        this.world.WriteReport(PostWorld.Gate("RMSE", Outcome.Regress, 661, 603, 718));
        await this.BundleAsync();
        await this.world.PostAsync(this.Trusted(), "--bundle", "bundle.zip");
        Assert.Equal("failure", Assert.Single(this.world.Forge.Checks(PostWorld.Slug)).Conclusion);
    }

    [Fact]
    public async Task A_run_of_our_own_branch_is_not_called_a_fork_s()
    {
        this.world.Forge.DeletePull(PostWorld.Slug, this.number);
        this.number = await this.world.OpenAsync();
        await this.BundleAsync();
        await this.world.PostAsync(this.Trusted(headRepository: PostWorld.Slug), "--bundle", "bundle.zip");
        Assert.DoesNotContain("Measured by", Assert.Single(this.world.Forge.Comments(PostWorld.Slug)).Body, StringComparison.Ordinal);
        Assert.Equal("success", Assert.Single(this.world.Forge.Checks(PostWorld.Slug)).Conclusion);
    }

    [Fact]
    public async Task A_claim_that_the_forge_contradicts_is_refused_and_posts_nothing()
    {
        var other = await this.OtherPullAsync();
        await this.RefusedAsync("has the head", await this.ClaimAsync(other, this.world.Head), this.Trusted());
        await this.RefusedAsync("none of that number", await this.ClaimAsync(4711, this.world.Head), this.Trusted());
        await this.RefusedAsync("is not what that run made", await this.ClaimAsync(this.number, new string('a', 40)), this.Trusted());
        await this.RefusedAsync("comes from mallory/energy-load, the event's commit from eve/energy-load", await this.ClaimAsync(this.number, this.world.Head), this.Trusted(headRepository: "eve/energy-load"));
        await this.RefusedAsync("comes from mallory/energy-load", await this.ClaimAsync(this.number, this.world.Head), this.Trusted(headRepository: PostWorld.Slug));
        Assert.Empty(this.world.Forge.Comments(PostWorld.Slug));
        Assert.Empty(this.world.Forge.Checks(PostWorld.Slug));
    }

    [Fact]
    public async Task A_newer_push_reports_for_itself()
    {
        await this.BundleAsync();
        var job = this.Trusted();
        this.world.Forge.Repository(PostWorld.Slug).CommitFiles("change", "More", ("c.txt", "c"));
        await this.RefusedAsync("a newer push reports for itself", 0, job);
    }

    [Fact]
    public async Task Without_an_event_or_with_a_number_given_by_hand_a_bundle_is_not_believed()
    {
        await this.BundleAsync();
        var push = this.world.Job(name: "workflow_dispatch", eventPath: null);
        var (code, _, error) = await this.world.RunAsync(push, "report", "post", "--bundle", "bundle.zip");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("workflow_run", error, StringComparison.Ordinal);
        (code, _, error) = await this.world.RunAsync(this.Trusted(), "report", "post", "--bundle", "bundle.zip", "--pr", "1");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("do not go with --bundle", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_that_is_no_bundle_is_exit_code_5()
    {
        File.WriteAllBytes(Path.Combine(this.world.Project, "bundle.zip"), "PK\u0005\u0006 and more"u8.ToArray());
        await this.RefusedAsync("the bundle", 0, this.Trusted());
    }

    [Fact]
    public async Task A_bundle_may_be_a_folder_and_replaces_nothing_else()
    {
        await this.OkAsync("--out", "handed/over");
        Assert.Equal(["bundle.json", "evaluation.json", "report.json", "verdict.json"], Directory.GetFiles(Path.Combine(this.world.Project, "handed/over")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await this.world.PostAsync(this.Trusted(), "--bundle", "handed/over");
        var (code, _, error) = await this.world.RunAsync(this.world.PullJob(this.number), "report", "bundle", "--out", ".");
        Assert.Equal(ExitCode.Error, code);
        Assert.Contains("holds other things than a bundle", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_request_target_is_warned_of()
    {
        var job = new Dictionary<string, string>(this.world.PullJob(this.number)) { ["GITHUB_EVENT_NAME"] = "pull_request_target" };
        var (_, _, error) = await this.world.RunAsync(job, "report", "post", "--no-comment");
        Assert.Contains("warning: this job was started by pull_request_target", error, StringComparison.Ordinal);
    }

    private async Task<int> OtherPullAsync()
    {
        this.world.Forge.Repository(PostWorld.Slug).CommitFiles("other", "Other", ("d.txt", "d"));
        using var forge = Ci.Forges.ForgeProviders.Open(new Ci.Forges.ForgeAddress { Vendor = "github", ApiUrl = this.world.Forge.ApiUrl, Repository = PostWorld.Slug, Token = this.world.Forge.JobToken });
        return (await forge.PullRequests.OpenAsync("Somebody else's", "", "other", "main")).Number;
    }

    private Task BundleAsync() => this.OkAsync();

    private async Task<int> ClaimAsync(int claimed, string commit)
    {
        await this.OkAsync("--pr", $"{claimed}", "--commit-sha", commit);
        return claimed;
    }

    private async Task OkAsync(params string[] more)
    {
        var (code, output, error) = await this.world.RunAsync(this.world.PullJob(this.number), ["report", "bundle", .. more]);
        Assert.True(code == ExitCode.Ok, $"{code}\n{output}\n{error}");
    }

    private async Task RefusedAsync(string why, int claimed, IReadOnlyDictionary<string, string> job)
    {
        var (code, _, error) = await this.world.RunAsync(job, "report", "post", "--bundle", "bundle.zip");
        Assert.True(code == ExitCode.Refused, $"#{claimed}: {code}: {error}");
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    private IReadOnlyDictionary<string, string> Trusted(string? headRepository = Fork) => this.world.Job(
        eventPath: this.world.Forge.WriteWorkflowRunEvent(PostWorld.Slug, this.world.Head, headRepository, Path.Combine(this.world.Folder, "run.json")), name: "workflow_run");
}
