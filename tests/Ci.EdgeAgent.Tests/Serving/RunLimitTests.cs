using System.Diagnostics;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Isolation;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>A model that runs as long as its input says (tests/Fixtures/models/slow/make.py): what takes too long is ended, and all goes on.</summary>
public sealed class RunLimitTests
{
    private const string ForEver = "1e12";
    private static readonly LimitsSettings Limits = new() { TimeoutSeconds = 0.4 };

    [Fact]
    public async Task A_run_that_takes_too_long_is_ended_with_504_and_the_next_one_answers()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0", "slow/loop.onnx"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure() with { Limits = Limits });
        await agent.ServesAsync("1.0.0");
        Assert.Equal("3", await AnswerAsync(agent, "3"));

        var began = Stopwatch.GetTimestamp();
        var (status, body) = await agent.InferAsync(Request(ForEver));
        Assert.Equal(504, status);
        Assert.Contains("longer than 0.4 s (`limits.timeoutSeconds`)", body, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.4, 10);
        Assert.Equal("3", await AnswerAsync(agent, "3"));
        Assert.Equal((3, 1), ((int)agent.Status.Serving!.Requests, (int)agent.Status.Serving.Errors));
    }

    [Fact]
    public async Task Many_at_once_are_ended_each_by_itself_and_quick_ones_beside_them_answer()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0", "slow/loop.onnx"), 1);
        var batching = new Dictionary<string, BatchingSettings> { [Deployment.Model] = new() { MaxRows = 8, MaxDelayMs = 20 } };
        foreach (var configuration in new[] { deployment.Configure() with { Limits = Limits }, deployment.Configure() with { Limits = Limits, Batching = batching } })
        {
            await using var agent = await deployment.StartAsync(configuration);
            await agent.ServesAsync("1.0.0");
            var slow = Enumerable.Range(0, 4).Select(_ => agent.InferAsync(Request(ForEver))).ToList();
            Assert.All(await Task.WhenAll(slow), answer => Assert.Equal(504, answer.Status));
            Assert.Equal("5", await AnswerAsync(agent, "5"));
        }
    }

    [Fact]
    public async Task A_model_that_answers_too_late_again_and_again_is_rolled_back()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0", "slow/loop.onnx"), 1);
        await using (var first = await deployment.StartAsync(deployment.Configure(soak: 0)))
            await first.ServesAsync("1.0.0");
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "slow/loop.onnx"), 2);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 1000) with { Limits = Limits });
        await agent.UntilAsync(s => s.State == AgentState.Soak && s.Serving?.Version == "2.0.0");
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => agent.InferAsync(Request(ForEver)))), answer => Assert.Equal(504, answer.Status));
        await agent.RefusesAsync("soak-breach");
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
    }

    [Fact]
    public void In_a_process_of_its_own_the_model_is_ended_just_so()
    {
        using var deployment = new Deployment();
        var loader = new ChildLoader(deployment.Configure() with { Limits = Limits }, new Hosting.AgentWorld { Environment = new Dictionary<string, string>(), Log = TextWriter.Null });
        using var child = (ChildInstance)loader.Load(Support.Model("slow/loop.onnx"));
        var life = child.ProcessId;
        Assert.Contains("longer than 0.4 s", Assert.Throws<RunCutShortException>(() => child.Run([Rounds(1e12f)])).Message, StringComparison.Ordinal);
        Assert.Equal([4.0], child.Run([Rounds(2)])[0].ToDoubles());
        Assert.Equal((0, life), (child.Crashes, child.ProcessId));
    }

    [Fact]
    public void A_run_that_ends_by_itself_while_it_is_being_ended_harms_none_that_follows()
    {
        using var limit = new RunLimit(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        using var session = OnnxSession.Load(Support.Runtime, Support.Model("slow/loop.onnx"));
        using var instance = new OnnxInstance(session, limit);
        using var caller = instance.NewCaller();
        var (answered, ended) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            // From far below to far above the limit, so that many end just when they are looked at.
            var rounds = 1 + (i * 100);
            try
            {
                Assert.Equal([rounds * 2.0], caller.Run([Rounds(rounds)])[0].ToDoubles());
                answered++;
            }
            catch (RunCutShortException)
            {
                ended++;
                Assert.Equal([2.0], caller.Run([Rounds(1)])[0].ToDoubles());
            }
        }

        Assert.True(answered > 10 && ended > 10, $"{answered} answered, {ended} ended");
    }

    private static OnnxValue Rounds(float rounds) => OnnxValue.Of("features", [rounds], 1, 1);

    private static string Request(string rounds) => $$"""{"inputs":[{"name":"features","datatype":"FP32","shape":[1,1],"data":[{{rounds}}]}]}""";

    /// <summary>How many rounds the model says that it made.</summary>
    private static async Task<string> AnswerAsync(RunningAgent agent, string rounds)
    {
        var (status, body) = await agent.InferAsync(Request(rounds));
        Assert.True(status == 200, body);
        using var answer = JsonDocument.Parse(body);
        return (answer.RootElement.GetProperty("outputs")[0].GetProperty("data")[0].GetDouble() / 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
