using Ci.Releases;
using Ci.Testing.Forge;

namespace Ci.Promotion.Tests;

/// <summary>Approvals and soak: evidence that others give. One class a theme: classes run in parallel.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public async Task Approvals_count_for_this_very_head_and_not_from_its_author()
    {
        await using var world = await PromotionWorld.CreateAsync("    approvals: 1");
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "approvals", "0 of 1");
        var reviews = Assert.Single(world.Hub.Pulls(PromotionWorld.Slug)).Reviews;
        reviews.Add(new SimulatedReview(1, "bob", "APPROVED", new string('0', 40), DateTimeOffset.UnixEpoch));
        Promotions.Refuses(await world.CheckAsync(opened.Number), "approvals", "0 of 1");
        reviews.Add(new SimulatedReview(2, "alice", "APPROVED", opened.HeadSha, DateTimeOffset.UnixEpoch));
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
    }

    [Fact]
    public async Task A_soak_counts_what_devices_say_themselves()
    {
        await using var world = await PromotionWorld.CreateAsync("    soak_minutes: 30");
        var release = await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        Promotions.Refuses(await world.CheckAsync(opened.Number), "soak", "0 of 30 minutes");
        var start = DateTimeOffset.UnixEpoch.AddDays(20_000);
        await PutAsync(world, release, 1, start, start.AddMinutes(31));
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
        await PutAsync(world, release, 2, start.AddMinutes(31), start.AddMinutes(32), refused: true);
        Promotions.Refuses(await world.CheckAsync(opened.Number), "soak", "edge-1 in development refused it");
    }

    private static async Task PutAsync(PromotionWorld world, Release release, long sequence, DateTimeOffset from, DateTimeOffset to, bool refused = false)
    {
        var batch = new TelemetryBatch
        {
            Device = "edge-1", Environment = "development", Model = PromotionWorld.Model, Release = release.Id, Sequence = sequence, From = from, To = to,
            Events = refused ? [new TelemetryEvent { At = to, Kind = TelemetryEventKind.Refusal, Code = "golden-mismatch", Release = release.Id, Message = "no" }] : [],
        };
        await world.Store.PutAsync(batch.Key(), new MemoryStream(batch.ToGzip()));
    }
}
