using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>Several models of one agent: own channels, own folders, own orders, own troubles.</summary>
public sealed class SeveralModelsTests
{
    [Fact]
    public async Task Each_model_follows_its_own_channel_and_has_its_own_folder_status_and_metrics()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await world.PromoteAsync(TwoModels.Second, "7.0.0", 40, "breast-mlp-cont.onnx");
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        await TwoModels.ServesAsync(agent, TwoModels.Second, "7.0.0");
        await world.PromoteAsync(TwoModels.Second, "7.1.0", 41);
        await TwoModels.ServesAsync(agent, TwoModels.Second, "7.1.0");

        var floors = agent.Agent.Status().Models.ToDictionary(m => m.Name, m => m.SequenceFloor);
        Assert.Equal((1, 41), (floors[TwoModels.First], floors[TwoModels.Second]));
        Assert.DoesNotContain(agent.Agent.Status().Models[0].Events, e => e.Message.Contains("7.", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(world.Deployment.Data, "models", TwoModels.First, "current")));
        Assert.True(File.Exists(Path.Combine(world.Deployment.Data, "models", TwoModels.Second, "current")));
        var metrics = await agent.Http.GetStringAsync("/metrics");
        Assert.Contains("ml_edge_serving_info{model=\"breast-mlp\",version=\"1.0.0\"", metrics, StringComparison.Ordinal);
        Assert.Contains("ml_edge_serving_info{model=\"second-model\",version=\"7.1.0\"", metrics, StringComparison.Ordinal);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30), "/v2/models/second-model/infer")).Status);
    }

    [Fact]
    public async Task A_model_that_is_refused_holds_no_other()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1, golden: values => Array.ConvertAll(values, v => v + 1));
        await world.PromoteAsync(TwoModels.Second, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.Second, "1.0.0");
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Refusals.Any(r => r.Code == "golden-mismatch"));
        Assert.Equal(503, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30), "/v2/models/second-model/infer")).Status);
    }

    [Fact]
    public async Task An_error_that_nobody_foresaw_in_one_model_is_told_and_tried_again_while_the_other_goes_on()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.Second, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure(), loader: configuration => new Stumbling(new OnnxLoader(Support.Runtime, configuration), times: 2));
        await TwoModels.ServesAsync(agent, TwoModels.Second, "1.0.0");
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Events.Any(e => e.Message.Contains("failed unexpectedly (InvalidTimeZoneException: planted)", StringComparison.Ordinal)));
        await world.PromoteAsync(TwoModels.Second, "1.1.0", 2);
        await TwoModels.ServesAsync(agent, TwoModels.Second, "1.1.0");
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Serving?.Version == "1.0.0");
    }

    [Fact]
    public async Task Orders_for_one_model_leave_the_other_alone()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await world.PromoteAsync(TwoModels.Second, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        await TwoModels.ServesAsync(agent, TwoModels.Second, "1.0.0");

        agent.Agent.Control.Pause(DateTimeOffset.UnixEpoch, TwoModels.First);
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.State == AgentState.Paused);
        await world.PromoteAsync(TwoModels.First, "2.0.0", 2);
        await world.PromoteAsync(TwoModels.Second, "2.0.0", 2);
        await TwoModels.ServesAsync(agent, TwoModels.Second, "2.0.0");
        Assert.Equal("1.0.0", agent.Agent.Status().Models[0].Serving!.Version);

        agent.Agent.Control.Kill(TwoModels.Second, DateTimeOffset.UnixEpoch);
        agent.Agent.Control.Resume(DateTimeOffset.UnixEpoch, TwoModels.First);
        await TwoModels.ServesAsync(agent, TwoModels.First, "2.0.0");
        await TwoModels.UntilAsync(agent, TwoModels.Second, m => m.State == AgentState.Killed && m.Serving is null);
    }

    [Fact]
    public async Task One_model_in_safe_mode_is_let_out_by_name_and_the_other_never_noticed()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await world.PromoteAsync(TwoModels.Second, "1.0.0", 1);
        var configuration = world.Configure();
        await using (var agent = await RunningAgent.StartAsync(configuration))
        {
            await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
            await TwoModels.ServesAsync(agent, TwoModels.Second, "1.0.0");
        }

        var journal = Path.Combine(world.Deployment.Data, "models", TwoModels.Second, "journal");
        var bytes = await File.ReadAllBytesAsync(journal);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);
        await using var again = await RunningAgent.StartAsync(configuration);
        await TwoModels.UntilAsync(again, TwoModels.Second, m => m.State == AgentState.SafeMode && m.Serving?.Version == "1.0.0");
        await world.PromoteAsync(TwoModels.First, "2.0.0", 2);
        await TwoModels.ServesAsync(again, TwoModels.First, "2.0.0");
        again.Agent.Control.Resume(DateTimeOffset.UnixEpoch);
        await TwoModels.ServesAsync(again, TwoModels.Second, "1.0.0");
        Assert.False(again.Agent.Control.IsRecoveryAsked(TwoModels.Second));
    }

    /// <summary>Fails a few loads of the first model in a way that no step expects.</summary>
    private sealed class Stumbling(IModelLoader inner, int times) : IModelLoader
    {
        private int left = times + 1;

        public string RuntimeVersion => inner.RuntimeVersion;

        public IModelInstance Load(string path)
        {
            // The first load is the second model's, which is released first.
            var now = Interlocked.Decrement(ref left);
            return now < times && now >= 0 ? throw new InvalidTimeZoneException("planted") : inner.Load(path);
        }
    }
}
