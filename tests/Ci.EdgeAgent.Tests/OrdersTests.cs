using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Tests;

/// <summary>Pin, kill, roll back: from the device and from the channel.</summary>
public sealed class OrdersTests
{
    [Fact]
    public async Task A_killed_model_answers_503_also_after_a_restart_and_serves_again_when_that_ends()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure(soak: 0);
        await using (var agent = await deployment.StartAsync(configuration))
        {
            await agent.ServesAsync("1.0.0");
            agent.Agent.Control.Kill(Deployment.Model, DateTimeOffset.UnixEpoch);
            await agent.UntilAsync(s => s.State == AgentState.Killed);
            var (status, body) = await agent.InferAsync(Support.Request(30));
            Assert.Equal(503, status);
            Assert.Contains("stopped", body, StringComparison.Ordinal);
        }

        await using var again = await deployment.StartAsync(configuration);
        Assert.Equal(503, (await again.InferAsync(Support.Request(30))).Status);
        again.Agent.Control.Unkill(Deployment.Model);
        await again.ServesAsync("1.0.0");
        Assert.Equal(200, (await again.InferAsync(Support.Request(30))).Status);
    }

    [Fact]
    public async Task A_channel_that_kills_the_model_stops_it_and_only_a_newer_channel_lets_it_serve_again()
    {
        using var deployment = new Deployment();
        var signed = deployment.Sign("1.0.0");
        await deployment.PromoteAsync(signed, 1);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 0));
        await agent.ServesAsync("1.0.0");
        await ChannelAsync(deployment, signed, 2, c => c with { Kill = true, KillReason = "it invents outages" });
        await agent.UntilAsync(s => s.State == AgentState.Killed);
        Assert.Equal(503, (await agent.InferAsync(Support.Request(30))).Status);
        await Task.Delay(400);
        Assert.Equal(AgentState.Killed, agent.Status.State);
        Assert.Contains("it invents outages", agent.Log, StringComparison.Ordinal);
        await ChannelAsync(deployment, signed, 3, c => c);
        await agent.ServesAsync("1.0.0");
    }

    [Fact]
    public async Task A_channel_stops_a_model_that_is_still_soaking_and_only_a_newer_channel_ends_that()
    {
        using var deployment = new Deployment();
        var signed = deployment.Sign("1.0.0");
        await deployment.PromoteAsync(signed, 1);
        var configuration = deployment.Configure(soak: 1000);
        await using (var agent = await deployment.StartAsync(configuration))
        {
            await agent.UntilAsync(s => s.State == AgentState.Soak && s.Serving?.Version == "1.0.0");
            await ChannelAsync(deployment, signed, 2, c => c with { Kill = true, KillReason = "it invents outages" });
            await agent.UntilAsync(s => s.State == AgentState.Killed);
            Assert.Equal(503, (await agent.InferAsync(Support.Request(30))).Status);
            Assert.Empty(agent.Status.Refusals);
        }

        deployment.HideRepository();
        await using var alone = await deployment.StartAsync(configuration);
        await Task.Delay(300);
        Assert.Equal(AgentState.Killed, alone.Status.State);
    }

    [Fact]
    public async Task A_newer_release_or_a_pin_of_the_channel_ends_a_soak_and_one_that_is_not_due_does_not()
    {
        using var deployment = new Deployment();
        var (first, second, third) = (deployment.Sign("1.0.0"), deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), deployment.Sign("3.0.0"));
        var configuration = deployment.Configure(soak: 0);
        await deployment.PromoteAsync(first, 1);
        await using (var quick = await deployment.StartAsync(configuration))
            await quick.ServesAsync("1.0.0");
        await deployment.PromoteAsync(second, 2);
        await using var agent = await deployment.StartAsync(configuration with { SoakSeconds = 1000 });
        await agent.UntilAsync(s => s.State == AgentState.Soak && s.Serving?.Version == "2.0.0");
        await Support.StoreAsync(deployment.Blobs, third);
        var later = new Rollout { Start = DateTimeOffset.MaxValue.AddDays(-30), Waves = [new RolloutWave { Share = 1, SoakMinutes = 0 }] };
        await ChannelAsync(deployment, third, 3, c => c with { Rollout = later });
        await Task.Delay(1500);
        Assert.Equal((AgentState.Soak, "2.0.0"), (agent.Status.State, agent.Status.Serving!.Version));
        await ChannelAsync(deployment, third, 4, c => c);
        await agent.UntilAsync(s => s.State == AgentState.Soak && s.Serving?.Version == "3.0.0");
        Assert.Equal(first.Release.Id.Hex, agent.Status.LastKnownGood);
        await ChannelAsync(deployment, third, 5, c => c with { Pins = new Dictionary<string, Sha256Digest> { ["device-1"] = first.Release.Id } });
        await agent.UntilAsync(s => s.Serving?.Version == "1.0.0");
        Assert.Empty(agent.Status.Refusals);
    }

    [Fact]
    public async Task A_pinned_device_stays_where_it_is_and_follows_again_after_unpinning()
    {
        using var deployment = new Deployment();
        var first = deployment.Sign("1.0.0");
        await deployment.PromoteAsync(first, 1);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 0));
        await agent.ServesAsync("1.0.0");
        agent.Agent.Control.Pin(Deployment.Model, first.Release.Id.Hex);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await Task.Delay(600);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Empty(agent.Status.Refusals);
        agent.Agent.Control.Unpin(Deployment.Model);
        await agent.ServesAsync("2.0.0");
        agent.Agent.Control.Pin(Deployment.Model, first.Release.Id.Hex);
        await agent.ServesAsync("1.0.0");
        agent.Agent.Control.Unpin(Deployment.Model);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task An_operator_goes_back_to_the_release_before_without_any_network()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 0));
        await agent.ServesAsync("1.0.0");
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
        deployment.HideRepository();
        agent.Agent.Control.Rollback(Deployment.Model, DateTimeOffset.UnixEpoch);
        await agent.UntilAsync(s => s.Serving?.Version == "1.0.0");
        await agent.RefusesAsync("operator-rollback");
        Assert.False(agent.Agent.Control.OrdersFor(Deployment.Model).RollBack);
        Assert.Equal(2, agent.Status.SequenceFloor);
        await Task.Delay(300);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
    }

    [Fact]
    public async Task A_device_that_the_roll_out_has_not_reached_waits_and_says_so()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 0));
        await agent.ServesAsync("1.0.0");
        var next = deployment.Sign("2.0.0", "breast-mlp-cont.onnx");
        await Support.StoreAsync(deployment.Blobs, next);
        var later = new Rollout { Start = DateTimeOffset.MaxValue.AddDays(-30), Waves = [new RolloutWave { Share = 1, SoakMinutes = 0 }] };
        await ChannelAsync(deployment, next, 2, c => c with { Rollout = later });
        await agent.UntilAsync(s => s.State == AgentState.Idle && s.WhyNot?.Contains("roll-out", StringComparison.Ordinal) == true);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(1, agent.Status.SequenceFloor);
        await ChannelAsync(deployment, next, 3, c => c with { Rollout = later with { Start = DateTimeOffset.UnixEpoch } });
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task Where_two_do_not_fit_the_old_one_is_unloaded_first_and_comes_back_when_the_new_one_is_refused()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 0) with { Swap = new() { Mode = "preserve" } });
        await agent.ServesAsync("1.0.0");
        await deployment.PromoteAsync(deployment.Sign("2.0.0", golden: values => Array.ConvertAll(values, v => v + 0.5)), 2);
        await agent.RefusesAsync("golden-mismatch");
        await agent.UntilAsync(s => s.Serving?.Version == "1.0.0" && s.State == AgentState.Quarantined);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        await deployment.PromoteAsync(deployment.Sign("3.0.0", "breast-mlp-cont.onnx"), 3);
        await agent.ServesAsync("3.0.0");
        Assert.Contains("unloading what serves", agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_that_does_not_fit_into_memory_waits_and_what_serves_serves_on()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure(soak: 0);
        await using (var agent = await deployment.StartAsync(configuration))
            await agent.ServesAsync("1.0.0");
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await using var tight = await deployment.StartAsync(configuration with { Swap = new() { KeepFreeBytes = 1L << 40 } });
        await tight.UntilAsync(s => s.SourceError?.Contains("of memory beside what serves", StringComparison.Ordinal) == true);
        Assert.Equal("1.0.0", tight.Status.Serving!.Version);
        Assert.Empty(tight.Status.Refusals);
    }

    private static Task ChannelAsync(Deployment deployment, SignedRelease signed, long sequence, Func<Channel, Channel> change) =>
        deployment.CommitAsync(new Dictionary<string, byte[]?>
        {
            [$"channels/{Deployment.Environment}/{Deployment.Model}.json"] = change(new Channel
            {
                Environment = Deployment.Environment, Model = Deployment.Model, Release = signed.Release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([(byte)sequence]),
            }).ToBytes(),
            [$"releases/{Deployment.Model}/{signed.Release.Id}.json"] = signed.Document,
            [$"releases/{Deployment.Model}/{signed.Release.Id}.sigstore.json"] = signed.Bundle,
        });
}
