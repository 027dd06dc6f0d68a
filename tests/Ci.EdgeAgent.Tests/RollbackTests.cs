using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests;

/// <summary>A generation that passed its gate and misbehaves when it serves.</summary>
public sealed class RollbackTests
{
    [Fact]
    public async Task Errors_while_soaking_bring_the_last_known_good_back_and_quarantine_the_release()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var faulty = new FaultyLoader();
        await using var agent = await RunningAgent.StartAsync(deployment.Configure(soak: 3), loader: _ => faulty);
        await agent.UntilAsync(s => s.Serving?.Version == "1.0.0" && s.InSync);

        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(s => s.Serving?.Version == "2.0.0");
        faulty.Fails = true;
        for (var i = 0; i < 5; i++)
            Assert.Equal(500, (await agent.InferAsync(Support.Request(30))).Status);
        faulty.Fails = false;

        await agent.RefusesAsync("soak-breach");
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(AgentState.Quarantined, agent.Status.State);
        Assert.Equal(2, agent.Status.SequenceFloor);
        Assert.Contains("5 of 5 requests failed", Assert.Single(agent.Status.Refusals).Reason, StringComparison.Ordinal);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);

        await deployment.PromoteAsync(deployment.Sign("3.0.0", "breast-mlp-cont.onnx"), 3);
        await agent.UntilAsync(s => s.Serving?.Version == "3.0.0");
    }

    [Fact]
    public async Task A_golden_set_that_fails_costs_64_clients_no_request_and_a_restart_serves_within_five_seconds()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure(soak: 0);
        await using (var agent = await deployment.StartAsync(configuration))
        {
            await agent.ServesAsync("1.0.0");
            using var clients = new Clients(agent, 64);
            await clients.SomeAsync(100);
            await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx", golden: values => Array.ConvertAll(values, v => v + 0.5)), 2);
            await agent.RefusesAsync("golden-mismatch");
            await clients.SomeAsync(100);
            await clients.StopAsync();
            Assert.Empty(clients.Failures);
            Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        }

        deployment.HideRepository();
        var began = TimeProvider.System.GetTimestamp();
        await using var again = await deployment.StartAsync(configuration);
        using var content = new StringContent(Support.Request(30));
        using var answer = await again.Plain.PostAsync($"/v2/models/{Deployment.Model}/infer", content);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < 5);
    }

    [Fact]
    public async Task Vanishing_again_and_again_while_soaking_brings_the_last_known_good_back()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var quick = deployment.Configure(soak: 0);
        await using (var agent = await RunningAgent.StartAsync(quick, follow: false))
            await agent.Agent.Models[0].TurnAsync(CancellationToken.None);

        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        var slow = quick with { SoakSeconds = 1000 };
        for (var life = 0; life < Updates.Steps.SoakStep.MostCrashes; life++)
        {
            await using var agent = await RunningAgent.StartAsync(slow, follow: false);
            using var gone = new CancellationTokenSource();
            var turn = agent.Agent.Models[0].TurnAsync(gone.Token);
            await agent.UntilAsync(s => s.Serving?.Version == "2.0.0" && s.State == AgentState.Soak);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        }

        await using var last = await RunningAgent.StartAsync(slow, follow: false);
        Assert.Equal("1.0.0", last.Status.Serving!.Version);
        await last.Agent.Models[0].TurnAsync(CancellationToken.None);
        Assert.Equal("repeated-crashes", Assert.Single(last.Status.Refusals).Code);
        Assert.Equal("1.0.0", last.Status.Serving!.Version);
    }

    [Fact]
    public async Task A_second_agent_on_the_same_data_is_refused()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure();
        await using var agent = await deployment.StartAsync(configuration);
        var error = await Assert.ThrowsAsync<EdgeAgentException>(() => RunningAgent.StartAsync(configuration));
        Assert.Contains("another agent", error.Message, StringComparison.Ordinal);
    }

    private sealed class FaultyLoader : IModelLoader
    {
        public bool Fails { get; set; }

        public string RuntimeVersion => Support.Runtime.Version;

        public IModelInstance Load(string path) => new FaultyInstance(this, new OnnxInstance(OnnxSession.Load(Support.Runtime, path)));
    }

    private sealed class FaultyInstance(FaultyLoader owner, IModelInstance inner) : IModelInstance
    {
        public IReadOnlyList<TensorInfo> Inputs => inner.Inputs;

        public IReadOnlyList<TensorInfo> Outputs => inner.Outputs;

        public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

        public string Provider => inner.Provider;

        public string? ProviderFallbackReason => inner.ProviderFallbackReason;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) =>
            owner.Fails ? throw new OnnxException("the accelerator went away") : inner.Run(inputs);

        public void Dispose() => inner.Dispose();
    }
}
