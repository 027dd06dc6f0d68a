using Ci.Git;
using Ci.Storage;

namespace Ci.Promotion.Tests;

/// <summary>What fails the check of a promotion. One class a theme: classes run in parallel.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task Work_on_the_target_that_main_lacks_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        await world.InDevelopmentAsync("2.0.0");
        world.Hub.Repository(PromotionWorld.Slug).CommitFiles("staging", "Hotfix", ("hotfix.txt", "quick"));
        var opened = await world.OpenAsync("staging");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "no-foreign-commits", "Hotfix");
        Assert.Equal("failure", world.Hub.Checks(PromotionWorld.Slug)[^1].Conclusion);
    }

    [Fact]
    public async Task A_changed_tree_under_the_trailers_of_a_promotion_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        var forged = await ForgeAsync(world, opened);
        Promotions.Refuses(await world.CheckAsync(opened.Number), "tree-equality", "differs");
        Assert.NotEqual(opened.HeadSha, forged);
    }

    [Fact]
    public async Task A_target_that_moved_since_fails_the_check_until_it_is_opened_again()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        var remote = world.Hub.Repository(PromotionWorld.Slug);
        var root = remote.Branch("staging")!;
        await world.Repository.PushAsync("origin", [new RefUpdate("refs/heads/staging", await world.Repository.ResolveAsync("refs/remotes/origin/main"), root)]);
        Promotions.Refuses(await world.CheckAsync(opened.Number), "prepared-commit", "moved since");
        var again = await world.OpenAsync("staging");
        Assert.Equal(opened.Number, again.Number);
        Assert.True((await world.CheckAsync(again.Number)).Passed);
    }

    [Fact]
    public async Task A_release_that_is_not_live_upstream_any_more_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        await world.InDevelopmentAsync("2.0.0");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "live-upstream", "development runs release");
    }

    [Fact]
    public async Task A_blob_that_is_gone_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var release = await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        await world.Store.DeleteAsync(BlobKeys.OfSha256(release.Model.Sha256.Hex));
        Promotions.Refuses(await world.CheckAsync(opened.Number), "blobs", "model.onnx");
    }

    private static async Task<string> ForgeAsync(PromotionWorld world, OpenedPromotion opened)
    {
        var honest = (await world.Repository.LogAsync(opened.HeadSha, 1))[0];
        var tree = await world.Repository.WriteTreeAsync(opened.HeadSha, new Dictionary<string, byte[]?> { ["model.txt"] = "evil"u8.ToArray() });
        var forged = await world.Repository.CommitTreeAsync(tree, honest.Parents, honest.Subject + "\n\n" + honest.Body + "\n");
        await world.Repository.PushAsync("origin", [new RefUpdate($"refs/heads/{opened.Branch}", forged, opened.HeadSha)]);
        return forged;
    }
}
