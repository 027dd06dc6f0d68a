using Ci.Releases;

namespace Ci.Promotion.Tests;

/// <summary>Rollbacks and freezes. One class a theme: classes run in parallel.</summary>
public sealed class RollbackTests
{
    [Fact]
    public async Task A_freeze_stops_promotions_and_not_rollbacks()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        await world.InDevelopmentAsync("2.0.0");
        await world.PromoteAsync("staging");
        await new PromotionFreeze(await world.ContextAsync()).FreezeAsync("staging", null, null, "holidays");
        await world.InDevelopmentAsync("3.0.0");
        var opened = await world.OpenAsync("staging");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "freeze", "holidays");
        await world.MergeAsync(opened);
        await Assert.ThrowsAsync<PromotionRefusedException>(() => world.ApplyAsync("staging"));

        var back = await new PromotionRollback(await world.ContextAsync()).RollbackAsync("staging", PromotionWorld.Model, null, "bad forecasts");
        Assert.Equal(("1.0.0", 3L), (back.Version, back.Sequence));
    }

    [Fact]
    public async Task A_rollback_goes_forward_and_holds_until_it_is_lifted()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var one = await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        var two = await world.InDevelopmentAsync("2.0.0");
        await world.PromoteAsync("staging");
        await new PromotionRollback(await world.ContextAsync()).RollbackAsync("staging", PromotionWorld.Model, "1.0.0", "bad forecasts");
        var channel = (await world.ChannelAsync("staging"))!;
        Assert.Equal((one.Id, two.Id, 3L, true), (channel.Release, channel.Previous!.Value, channel.Sequence, channel.Hold));
        Assert.Contains("energy-load#staging#5", await world.RemoteTagsAsync());

        // The merge of 2.0.0 was applied already: neither apply nor reconcile brings it back.
        Assert.True((await world.ApplyAsync("staging")).AlreadyApplied);
        Assert.Empty((await new PromotionReconciliation(await world.ContextAsync()).ReconcileAsync(PromotionWorld.Model)).Unexplained);
        Assert.Equal(one.Id, (await world.ChannelAsync("staging"))!.Release);

        await world.InDevelopmentAsync("3.0.0");
        var opened = await world.OpenAsync("staging");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "hold", "bad forecasts");
        await new PromotionFreeze(await world.ContextAsync()).LiftAsync("staging", null, "fixed");
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
        await world.MergeAsync(opened);
        Assert.Equal(5, (await world.ApplyAsync("staging")).Sequence);
    }
}
