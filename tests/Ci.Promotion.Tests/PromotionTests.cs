using System.Security.Cryptography;
using System.Text;
using Ci.Forges;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing.Forge;

namespace Ci.Promotion.Tests;

public sealed class PromotionTests
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
    public async Task Writers_at_the_same_time_all_win_one_after_the_other()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var contexts = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.ContextAsync(i)));
        await Task.WhenAll(contexts.Select((context, i) => new PromotionFreeze(context).FreezeAsync("production", $"model-{i}", null, $"reason {i}")));
        var deploy = await world.DeployAsync();
        Assert.Equal(4, (await deploy.FreezesAsync()).Count);
        Assert.Equal(4, (await deploy.AuditAsync()).Entries.Count);
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
        Assert.Contains($"Superseded by #{opened.Number}", Assert.Single(world.Hub.Comments(PromotionWorld.Slug)).Body, StringComparison.Ordinal);
    }

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

    [Fact]
    public async Task Work_on_the_target_that_main_lacks_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        await world.PromoteAsync("staging");
        await world.InDevelopmentAsync("2.0.0");
        world.Hub.Repository(PromotionWorld.Slug).CommitFiles("staging", "Hotfix", ("hotfix.txt", "quick"));
        var opened = await world.OpenAsync("staging");
        Refuses(await world.CheckAsync(opened.Number), "no-foreign-commits", "Hotfix");
        Assert.Equal("failure", world.Hub.Checks(PromotionWorld.Slug)[^1].Conclusion);
    }

    [Fact]
    public async Task A_changed_tree_under_the_trailers_of_a_promotion_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        var forged = await ForgeAsync(world, opened);
        Refuses(await world.CheckAsync(opened.Number), "tree-equality", "differs");
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
        Refuses(await world.CheckAsync(opened.Number), "prepared-commit", "moved since");
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
        Refuses(await world.CheckAsync(opened.Number), "live-upstream", "development runs release");
    }

    [Fact]
    public async Task A_blob_that_is_gone_fails_the_check()
    {
        await using var world = await PromotionWorld.CreateAsync();
        var release = await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        await world.Store.DeleteAsync(BlobKeys.OfSha256(release.Model.Sha256.Hex));
        Refuses(await world.CheckAsync(opened.Number), "blobs", "model.onnx");
    }

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
        Refuses(await world.CheckAsync(opened.Number), "freeze", "holidays");
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
        Refuses(await world.CheckAsync(opened.Number), "hold", "bad forecasts");
        await new PromotionFreeze(await world.ContextAsync()).LiftAsync("staging", null, "fixed");
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
        await world.MergeAsync(opened);
        Assert.Equal(5, (await world.ApplyAsync("staging")).Sequence);
    }

    [Fact]
    public async Task Approvals_count_for_this_very_head_and_not_from_its_author()
    {
        await using var world = await PromotionWorld.CreateAsync("    approvals: 1");
        await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        Refuses(await world.CheckAsync(opened.Number), "approvals", "0 of 1");
        var reviews = Assert.Single(world.Hub.Pulls(PromotionWorld.Slug)).Reviews;
        reviews.Add(new SimulatedReview(1, "bob", "APPROVED", new string('0', 40), DateTimeOffset.UnixEpoch));
        Refuses(await world.CheckAsync(opened.Number), "approvals", "0 of 1");
        reviews.Add(new SimulatedReview(2, "alice", "APPROVED", opened.HeadSha, DateTimeOffset.UnixEpoch));
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
    }

    [Fact]
    public async Task A_soak_counts_what_devices_say_themselves()
    {
        await using var world = await PromotionWorld.CreateAsync("    soak_minutes: 30");
        var release = await world.InDevelopmentAsync("1.0.0");
        var opened = await world.OpenAsync("staging");
        Refuses(await world.CheckAsync(opened.Number), "soak", "0 of 30 minutes");
        var start = DateTimeOffset.UnixEpoch.AddDays(20_000);
        await PutAsync(world, release, 1, start, start.AddMinutes(31));
        Assert.True((await world.CheckAsync(opened.Number)).Passed);
        await PutAsync(world, release, 2, start.AddMinutes(31), start.AddMinutes(32), refused: true);
        Refuses(await world.CheckAsync(opened.Number), "soak", "edge-1 in development refused it");
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

    private static void Refuses(CheckResult result, string rule, string words)
    {
        Assert.False(result.Passed);
        var refusal = Assert.Single(result.Rules, outcome => outcome.Rule == rule);
        Assert.False(refusal.Passed);
        Assert.Contains(words, refusal.Words, StringComparison.Ordinal);
    }

    private static async Task<string> ForgeAsync(PromotionWorld world, OpenedPromotion opened)
    {
        var honest = (await world.Repository.LogAsync(opened.HeadSha, 1))[0];
        var tree = await world.Repository.WriteTreeAsync(opened.HeadSha, new Dictionary<string, byte[]?> { ["model.txt"] = "evil"u8.ToArray() });
        var forged = await world.Repository.CommitTreeAsync(tree, honest.Parents, honest.Subject + "\n\n" + honest.Body + "\n");
        await world.Repository.PushAsync("origin", [new RefUpdate($"refs/heads/{opened.Branch}", forged, opened.HeadSha)]);
        return forged;
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
