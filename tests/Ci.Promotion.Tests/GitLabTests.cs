using Ci.Forges;
using Ci.Testing.Forge;

namespace Ci.Promotion.Tests;

/// <summary>The promotion of a release by merge requests: the same rooms, another forge.</summary>
public sealed class GitLabTests
{
    [Fact]
    public async Task A_release_travels_from_development_to_production()
    {
        await using var world = await PromotionWorld.CreateAsync(vendor: "gitlab");
        var one = await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        var outcome = await world.PromoteAsync("production");

        Assert.Equal((one.Id, 1L), ((await world.ChannelAsync("production"))!.Release, outcome.Sequence));
        Assert.Equal(["energy-load#development#1", "energy-load#production#3", "energy-load#staging#2", "energy-load@v1.0.0"], await world.RemoteTagsAsync());
        Assert.All(world.Hub.Checks(PromotionWorld.Slug), check => Assert.Equal(("mlops/promotion", "success"), (check.Name, check.Conclusion)));
    }

    [Fact]
    public async Task Only_approvals_of_this_very_head_count_and_requested_changes_block()
    {
        await using var world = await PromotionWorld.CreateAsync("    approvals: 1\n", "gitlab");
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "approvals", "0 of 1");
        Assert.Equal("failed", world.Hub.Checks(PromotionWorld.Slug)[^1].Conclusion);

        world.Hub.Approve(PromotionWorld.Slug, opened.Number, "eve");
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
        ((GitLabSimulator)world.Hub).RequestChanges(PromotionWorld.Slug, opened.Number, "joe");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "approvals", "joe asked for changes");
    }

    [Fact]
    public async Task A_newer_promotion_supersedes_the_open_one_visibly()
    {
        await using var world = await PromotionWorld.CreateAsync(vendor: "gitlab");
        await world.InDevelopmentAsync("1.0.0");
        var old = await world.OpenAsync("staging");
        await world.InDevelopmentAsync("2.0.0");
        var opened = await world.OpenAsync("staging");

        Assert.Equal([old.Number], opened.Superseded);
        Assert.Equal(PullRequestState.Closed, (await (await world.ContextAsync()).Forge!.PullRequests.GetAsync(old.Number)).State);
        Assert.Contains($"Superseded by {opened.Url}", Assert.Single(world.Hub.Comments(PromotionWorld.Slug)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_squash_is_refused_and_a_project_that_fast_forwards_is_named_before_anything_is_merged()
    {
        await using var world = await PromotionWorld.CreateAsync(vendor: "gitlab");
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        var project = ((GitLabSimulator)world.Hub).Project(PromotionWorld.Slug);
        project.MergeMethod = "ff";
        Assert.Contains("set the merge method", (await Assert.ThrowsAsync<ForgeRefusedException>(() => world.MergeAsync(opened))).Message, StringComparison.Ordinal);

        project.MergeMethod = "merge";
        await world.MergeAsync(opened, MergeMethod.Squash);
        Assert.Contains("merge commit", (await Assert.ThrowsAsync<PromotionException>(() => world.ApplyAsync("staging"))).Message, StringComparison.Ordinal);
    }
}
