using Ci.Storage;

namespace Ci.Promotion.Tests;

/// <summary>A promotion that stops half-way, and writers at the same time. One class a theme: classes run in parallel.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData("blobs")]
    [InlineData("documents")]
    [InlineData("channel")]
    [InlineData("tags")]
    [InlineData("audit")]
    public async Task A_crash_after_any_step_is_repaired_by_running_it_again(string step)
    {
        await using var world = await PromotionWorld.CreateAsync();
        var (path, release) = await world.ReleaseAsync("1.0.0");
        var crashing = new PromotionApplication(await world.ContextAsync()) { AfterStep = done => { if (done == step) throw new IOException($"crash after {step}"); } };
        await Assert.ThrowsAsync<IOException>(() => crashing.ReleaseAsync("development", path));
        var visible = step is "channel" or "tags" or "audit";
        Assert.Equal(visible, await world.ChannelAsync("development") is not null);

        var outcome = await new PromotionApplication(await world.ContextAsync()).ReleaseAsync("development", path);
        Assert.Equal(visible, outcome.AlreadyApplied);
        var deploy = await world.DeployAsync();
        Assert.Equal((release.Id, 1L), ((await deploy.ChannelAsync("development", PromotionWorld.Model))!.Release, outcome.Sequence));
        Assert.Equal(outcome.PromotionId, Assert.Single((await deploy.AuditAsync()).Entries).PromotionId);
        Assert.Equal(["energy-load#development#1", "energy-load@v1.0.0"], await world.RemoteTagsAsync());
        foreach (var artifact in release.Artifacts)
            Assert.Equal(artifact.Bytes, (await world.Store.StatAsync(BlobKeys.OfSha256(artifact.Sha256.Hex)))!.Length);
    }

    [Fact]
    public async Task Writers_at_the_same_time_all_win_one_after_the_other()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var contexts = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.ContextAsync(i)));
        await Task.WhenAll(contexts.Select((context, i) => new PromotionFreeze(context).FreezeAsync("production", $"model-{i}", null, $"reason {i}")));
        var deploy = await world.DeployAsync();
        Assert.Equal(4, (await deploy.FreezesAsync()).Count);
        Assert.Equal(4, (await deploy.AuditAsync()).Entries.Count);
    }
}
