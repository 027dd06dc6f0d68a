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
}
