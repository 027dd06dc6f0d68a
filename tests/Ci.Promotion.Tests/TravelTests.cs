using Ci.Forges;
using Ci.Releases;

namespace Ci.Promotion.Tests;

/// <summary>From development to production, and what stands in the way of a first release. One class a theme: classes run in parallel.</summary>
public sealed class TravelTests
{
    [Fact]
    public async Task A_release_travels_from_development_to_production()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var one = await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        var outcome = await world.PromoteAsync("production");

        Assert.Equal(one.Id, (await world.ChannelAsync("production"))!.Release);
        Assert.Equal(1, outcome.Sequence);
        Assert.Equal(["energy-load#development#1", "energy-load#production#3", "energy-load#staging#2", "energy-load@v1.0.0"], await world.RemoteTagsAsync());
        Assert.Equal(["development", "staging", "production"], (await (await world.DeployAsync()).AuditAsync()).Entries.Select(entry => entry.Environment));
        Assert.Equal("success", Assert.Single(world.Hub.Checks(PromotionWorld.Slug), check => check.HeadSha == world.Hub.Pulls(PromotionWorld.Slug)[1].HeadSha).Conclusion);

        var two = await world.InDevelopmentAsync("2.0.0");
        await world.PromoteAsync("staging");
        var second = await world.PromoteAsync("production");
        var channel = (await world.ChannelAsync("production"))!;
        Assert.Equal((two.Id, one.Id, 2L, 2L), (channel.Release, channel.Previous!.Value, channel.Sequence, second.Sequence));
        Assert.Equal(await world.Repository.TreeOfAsync(two.Provenance.Commit), await world.Repository.TreeOfAsync(world.Hub.Repository(PromotionWorld.Slug).Branch("production")!));
    }

    [Fact]
    public async Task Applying_a_merged_promotion_twice_is_applying_it_once()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        var before = (await world.DeployAsync()).Commit;
        Assert.True((await world.ApplyAsync("staging")).AlreadyApplied);
        Assert.Equal(before, (await world.DeployAsync()).Commit);
    }

    [Fact]
    public async Task A_newer_promotion_supersedes_the_open_one_visibly()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var old = await world.OpenAsync("staging");
        Assert.Equal(old.Number, (await world.OpenAsync("staging")).Number);
        await world.InDevelopmentAsync("2.0.0");
        var opened = await world.OpenAsync("staging");
        Assert.Equal([old.Number], opened.Superseded);
        var pull = await (await world.ContextAsync()).Forge!.PullRequests.GetAsync(old.Number);
        Assert.Equal(PullRequestState.Closed, pull.State);
        Assert.Contains($"Superseded by {opened.Url}", Assert.Single(world.Hub.Comments(PromotionWorld.Slug)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_squash_merge_is_refused_in_words()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        await world.MergeAsync(opened, MergeMethod.Squash);
        Assert.Contains("merge commit", (await Assert.ThrowsAsync<PromotionException>(() => world.ApplyAsync("staging"))).Message, StringComparison.Ordinal);
    }
}
