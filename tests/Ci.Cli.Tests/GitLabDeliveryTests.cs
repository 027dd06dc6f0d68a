namespace Ci.Cli.Tests;

/// <summary>The verbs in a job of GitLab, which tells them where they are by its variables alone.</summary>
public sealed class GitLabDeliveryTests
{
    [Fact]
    public async Task A_promotion_is_opened_checked_merged_and_applied()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        await world.ReleaseAsync("1.0.0", errors: 20);
        var opened = await world.OpenAsync();

        // The same again: the same merge request, named as GitLab names it.
        Assert.Contains("/gitlab/acme/energy-load/-/merge_requests/1", await world.OkAsync("promote open --to staging"), StringComparison.Ordinal);
        await world.OkAsync($"promote check --pull-request {opened.Number}");
        Assert.Equal(("mlops/promotion", "success"), (world.Hub.Checks(DeliveryWorld.Slug)[^1].Name, world.Hub.Checks(DeliveryWorld.Slug)[^1].Conclusion));
        await world.MergeAsync(opened);
        await world.OkAsync("promote apply --environment staging");
        Assert.NotNull(await world.ReadDeployAsync("channels/staging/energy-load.json"));
        // The branch was pushed over HTTP, as whom the token says, not as the job that checked out.
        Assert.Contains(world.Hub.Requests, r => r.Path.EndsWith("/acme/energy-load.git/git-receive-pack", StringComparison.Ordinal) && r.Status == 200 && r.Identity == world.Hub.JobLogin);
    }

    [Fact]
    public async Task A_worse_release_is_refused_and_the_status_says_failed()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        await world.ReleaseAsync("1.0.0", errors: 10);
        await world.PromoteAsync();
        await world.ReleaseAsync("2.0.0", errors: 20);
        var opened = await world.OpenAsync();

        var (code, output, _) = await world.RunAsync("promote", "check", "--pull-request", $"{opened.Number}");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("regress against live v1.0.0", output, StringComparison.Ordinal);
        Assert.Equal("failed", world.Hub.Checks(DeliveryWorld.Slug)[^1].Conclusion);
    }

    [Theory]
    [InlineData(null, "gitlab", "https://gitlab.com/api/v4")]
    [InlineData(null, "github", "https://api.github.com/")]
    [InlineData("gitlab", "gitlab", "https://gitlab.example/sub/api/v4")]
    [InlineData("gitlab", "github", "https://api.github.com/")]
    public void A_forge_that_is_not_the_jobs_has_its_own_address(string? job, string driver, string api)
    {
        var environment = new Dictionary<string, string>();
        if (job is not null)
            (environment["GITLAB_CI"], environment["CI_SERVER_URL"], environment["CI_API_V4_URL"]) = ("true", "https://gitlab.example/sub", "https://gitlab.example/sub/api/v4");
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, Environment = environment, WorkingDirectory = "/", Time = TimeProvider.System };

        var address = ForgeSettings.Of(context, CommandLine.Parse(["comment", "create", "report.md", "--driver", driver, "--repository", "acme/m"], context)).Address();

        Assert.Equal((driver, api), (address.Vendor, address.ApiUrl.AbsoluteUri));
        Assert.Equal(job == driver, address.ServerUrl is not null);
    }
}
