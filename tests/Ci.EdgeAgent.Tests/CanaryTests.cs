using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Tests;

/// <summary>A candidate on a share of real requests, through the whole agent.</summary>
public sealed class CanaryTests
{
    private static readonly CanarySettings Quick = new() { Steps = [0.1, 0.5], StepSeconds = 0.3, LeastRequests = 60, MaxErrorIncrease = 0.1, MaxSlowdown = 2 };

    [Fact]
    public async Task A_candidate_as_good_as_the_incumbent_climbs_every_step_and_serves()
    {
        using var deployment = new Deployment();
        await using var agent = await ServingAsync(deployment, Quick, new TryableLoader());
        using var clients = new Clients(agent, 4);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
        await clients.StopAsync();
        Assert.Empty(clients.Failures);
        Assert.Contains("takes 10.0 %", agent.Log.Replace(' ', ' '), StringComparison.Ordinal);
        Assert.Contains("takes 50.0 %", agent.Log.Replace(' ', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_candidate_that_fails_is_sent_back_within_a_second_and_its_channel_entry_is_quarantined()
    {
        using var deployment = new Deployment();
        var loader = new TryableLoader();
        await using var agent = await ServingAsync(deployment, Quick with { StepSeconds = 60, Steps = [0.2] }, loader);
        using var clients = new Clients(agent, 4);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(s => s.State == AgentState.Canary);
        await clients.SomeAsync(100);
        loader.Fails = true;
        var began = TimeProvider.System.GetTimestamp();
        while (agent.Agent.Models[0].Served.Slot.Candidate is not null && TimeProvider.System.GetElapsedTime(began).TotalSeconds < 10)
            await Task.Delay(5);
        var back = TimeProvider.System.GetElapsedTime(began);
        await agent.RefusesAsync("canary-breach");
        await clients.StopAsync();
        Assert.True(back < TimeSpan.FromSeconds(1), $"it took {back.TotalMilliseconds:F0} ms");
        Assert.Contains("fails more often", Assert.Single(agent.Status.Refusals).Reason, StringComparison.Ordinal);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.True(clients.Failures.Count < clients.Asked / 5);
    }

    [Theory]
    [InlineData(20, 0, "latency")]
    [InlineData(0, 100, "far higher")]
    public async Task A_candidate_that_is_slower_or_answers_otherwise_is_sent_back(double slowerMs, float shift, string reason)
    {
        using var deployment = new Deployment();
        var loader = new TryableLoader();
        await using var agent = await ServingAsync(deployment, Quick with { StepSeconds = 60, Steps = [0.3] }, loader);
        using var clients = new Clients(agent, 4);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(s => s.State == AgentState.Canary);
        (loader.SlowerMs, loader.Shift) = (slowerMs, shift);
        await agent.RefusesAsync("canary-breach");
        Assert.Contains(reason, Assert.Single(agent.Status.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_with_a_key_stays_with_its_generation()
    {
        using var deployment = new Deployment();
        await using var agent = await ServingAsync(deployment, Quick with { StepSeconds = 60, Steps = [0.5] }, new TryableLoader());
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(_ => agent.Agent.Models[0].Served.Slot.CandidateShare > 0);
        var versions = new HashSet<string>();
        for (var user = 0; user < 8; user++)
        {
            var ofUser = new HashSet<string>();
            for (var i = 0; i < 6; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{Deployment.Model}/infer") { Content = new StringContent(Support.Request(30)) };
                request.Headers.Add("X-Canary-Key", $"user-{user}");
                using var answer = await agent.Http.SendAsync(request);
                using var document = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                ofUser.Add(document.RootElement.GetProperty("model_version").GetString()!);
            }

            versions.Add(Assert.Single(ofUser));
        }

        Assert.Equal(["1.0.0", "2.0.0"], versions.Order());
    }

    [Fact]
    public async Task Too_little_evidence_holds_and_is_given_up_in_the_end_but_never_passes()
    {
        using var deployment = new Deployment();
        await using var agent = await ServingAsync(deployment, Quick with { MaxStepSeconds = 1.5 }, new TryableLoader());
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        // What is missing is told while it is missing, not only in the end.
        await agent.UntilAsync(s => s.WhyNot?.Contains("takes 10.0 % of the requests; 0 of at least 60 requests", StringComparison.Ordinal) == true);
        await agent.RefusesAsync("canary-inconclusive");
        Assert.Contains("0 of at least 60 requests", Assert.Single(agent.Status.Refusals).Reason, StringComparison.Ordinal);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
    }

    [Fact]
    public async Task A_newer_channel_ends_a_canary_and_its_release_is_tried_instead()
    {
        using var deployment = new Deployment();
        await using var agent = await ServingAsync(deployment, Quick with { StepSeconds = 60 }, new TryableLoader());
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(s => s.State == AgentState.Canary);
        await deployment.PromoteAsync(deployment.Sign("3.0.0", "breast-mlp-cont.onnx"), 3);
        await agent.UntilAsync(s => s.State == AgentState.Canary && s.Desired?.Version == "3.0.0");
        Assert.Empty(agent.Status.Refusals);
    }

    [Fact]
    public async Task After_a_restart_the_canary_goes_on_at_the_step_where_it_was()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure(soak: 0) with { Canary = Quick with { Steps = [0.1, 0.3, 0.5], LeastRequests = 20 } };
        await using (var agent = await RunningAgent.StartAsync(configuration, loader: _ => new TryableLoader()))
        {
            await agent.ServesAsync("1.0.0");
            using var clients = new Clients(agent, 4);
            await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
            await agent.UntilAsync(_ => agent.Agent.Models[0].Served.Slot.CandidateShare >= 0.3);
            await clients.StopAsync();
            await agent.StopAsync();
        }

        await using var again = await RunningAgent.StartAsync(configuration, loader: _ => new TryableLoader());
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
        await again.UntilAsync(s => s.State == AgentState.Canary && again.Agent.Models[0].Served.Slot.CandidateShare > 0);
        Assert.True(again.Agent.Models[0].Served.Slot.CandidateShare >= 0.3);
        Assert.Equal(1, again.Agent.Models[0].Room.Store.State.Progress!.Attempts);
    }

    [Fact]
    public async Task A_shadow_asks_the_candidate_live_inputs_refuses_one_that_fails_and_fails_no_request()
    {
        using var deployment = new Deployment();
        var loader = new TryableLoader();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var shadow = new ShadowSettings { Seconds = 0.5, Share = 0.5, LeastSamples = 20, MaxSeconds = 20 };
        await using var agent = await RunningAgent.StartAsync(deployment.Configure(soak: 0) with { Shadow = shadow }, loader: _ => loader);
        await agent.ServesAsync("1.0.0");
        using var clients = new Clients(agent, 4);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(s => s.State == AgentState.Shadow);
        loader.Fails = true;
        await agent.RefusesAsync("shadow-breach");
        loader.Fails = false;
        await deployment.PromoteAsync(deployment.Sign("3.0.0", "breast-mlp-cont.onnx"), 3);
        await agent.ServesAsync("3.0.0");
        await clients.StopAsync();
        Assert.Empty(clients.Failures);
    }

    private static async Task<RunningAgent> ServingAsync(Deployment deployment, CanarySettings canary, TryableLoader loader)
    {
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var agent = await RunningAgent.StartAsync(deployment.Configure(soak: 0) with { Canary = canary }, loader: _ => loader);
        await agent.ServesAsync("1.0.0");
        return agent;
    }
}
