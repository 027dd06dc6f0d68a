using System.Security.Cryptography;
using Ci.Releases;

namespace Ci.Promotion.Tests;

/// <summary>What may not even begin. One class a theme: classes run in parallel.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task A_release_that_regresses_does_not_even_reach_development()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var error = await Assert.ThrowsAsync<PromotionRefusedException>(() => world.InDevelopmentAsync("1.0.0", "regress"));
        Assert.Contains("gates: the verdict is regress", error.Message, StringComparison.Ordinal);
        Assert.Null(await world.ChannelAsync("development"));
    }

    [Fact]
    public async Task A_release_signed_by_a_stranger_is_refused_before_anything_is_written()
    {
        await using var world = await PromotionWorld.CreateAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (path, _) = await world.ReleaseAsync("1.0.0", key: stranger);
        var application = new PromotionApplication(await world.ContextAsync());
        var error = await Assert.ThrowsAsync<ReleaseRefusedException>(() => application.ReleaseAsync("development", path));
        Assert.Equal(RefusalCode.KeyUntrusted, error.Code);
        Assert.False(await world.Store.ListAsync("").GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task A_file_changed_after_signing_is_refused()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var (path, _) = await world.ReleaseAsync("1.0.0");
        await File.WriteAllTextAsync(Path.Combine(path, "model.onnx"), "weights of 6.6.6");
        var application = new PromotionApplication(await world.ContextAsync());
        Assert.Equal(RefusalCode.DigestMismatch, (await Assert.ThrowsAsync<ReleaseRefusedException>(() => application.ReleaseAsync("development", path))).Code);
    }

    [Fact]
    public async Task The_policy_s_keys_narrow_the_trusted_ones()
    {
        await using var world = await PromotionWorld.CreateAsync($"    keys: [{new string('a', 64)}]");
        await world.InDevelopmentAsync("1.0.0");
        await Assert.ThrowsAsync<ReleaseRefusedException>(() => world.OpenAsync("staging"));
    }
}
