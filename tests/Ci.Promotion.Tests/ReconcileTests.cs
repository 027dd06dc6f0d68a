using System.Text;
using Ci.Git;
using Ci.Releases;

namespace Ci.Promotion.Tests;

/// <summary>What reconcile finishes, restores and reports. One class a theme: classes run in parallel.</summary>
public sealed class ReconcileTests
{
    [Fact]
    public async Task Reconcile_applies_what_was_merged_and_restores_tags()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var release = await world.InDevelopmentAsync("1.0.0");
        await world.MergeAsync(await world.OpenAsync("staging"));
        Assert.True((await new PromotionStatus(await world.ContextAsync()).ReadAsync(PromotionWorld.Model))[1].Pending);
        var report = await new PromotionReconciliation(await world.ContextAsync()).ReconcileAsync(PromotionWorld.Model);
        Assert.Equal("staging", Assert.Single(report.Applied).Environment);
        Assert.Equal(release.Id, (await world.ChannelAsync("staging"))!.Release);

        foreach (var tag in await world.RemoteTagsAsync())
        {
            await world.Repository.PushAsync("origin", [new RefUpdate($"refs/tags/{tag}", null, (await world.Repository.RemoteRefsAsync("origin", [$"refs/tags/{tag}"]))[$"refs/tags/{tag}"])]);
            await world.Repository.DeleteTagAsync(tag);
        }

        await new PromotionReconciliation(await world.ContextAsync()).ReconcileAsync(PromotionWorld.Model);
        Assert.Equal(["energy-load#development#1", "energy-load#staging#2", "energy-load@v1.0.0"], await world.RemoteTagsAsync());
    }

    [Fact]
    public async Task Reconcile_reports_a_channel_that_was_edited_by_hand_and_a_broken_audit_chain()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var channel = (await world.ChannelAsync("development"))!;
        await world.WriteDeployAsync(Channel.PathOf("development", PromotionWorld.Model), Encoding.UTF8.GetString((channel with { Sequence = 9 }).ToBytes()));
        var unexplained = (await new PromotionReconciliation(await world.ContextAsync()).ReconcileAsync(PromotionWorld.Model)).Unexplained;
        Assert.Contains("edited by hand", Assert.Single(unexplained), StringComparison.Ordinal);

        await world.InDevelopmentAsync("2.0.0");
        await world.WriteDeployAsync(AuditLog.Path, Encoding.UTF8.GetString((await (await world.DeployAsync()).ReadAsync(AuditLog.Path))!).Replace("tester", "nobody", StringComparison.Ordinal));
        unexplained = (await new PromotionReconciliation(await world.ContextAsync()).ReconcileAsync(PromotionWorld.Model)).Unexplained;
        Assert.Contains(unexplained, words => words.Contains("chain is broken", StringComparison.Ordinal));
    }
}
