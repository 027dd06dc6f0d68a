using Ci.EdgeAgent.States;
using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.EdgeAgent.Tests;

/// <summary>What was installed under older rules is held to this device's present ones before it serves again.</summary>
public sealed class RestartRulesTests
{
    private const string Gemm = "breast-mlp-base.onnx";

    public static TheoryData<string, string> Tightened => new()
    {
        { "\"deniedOperators\":[\"Gemm\"]", "operator-refused" },
        { "\"operators\":[\"Relu\"]", "operator-refused" },
        { "\"operatorDomains\":[\"ai.onnx.ml\"]", "operator-refused" },
        { "\"mostOpset\":8", "opset-range" },
        { "\"leastOpset\":900,\"mostOpset\":1000", "opset-range" },
        { "\"maxNodes\":1", "model-unsafe" },
        { "\"deviceClass\":\"other\"", "device-class" },
    };

    [Theory]
    [MemberData(nameof(Tightened))]
    public async Task What_breaks_a_rule_that_was_tightened_meanwhile_does_not_serve_after_the_restart(string trust, string code)
    {
        await using var world = await MirrorWorld.StartAsync();
        await world.PublishAsync(world.Sign("1.0.0", Gemm, release => code == "device-class" ? release with { Target = new Ci.Releases.DeviceTarget { Classes = ["mine"] } } : release), 1);
        var before = code == "device-class" ? ",\"trust\":{\"deviceClass\":\"mine\"}" : "";
        await using (var agent = await RunningAgent.StartAsync(world.Configure(before)))
            await agent.ServesAsync("1.0.0");

        await using (var tightened = await RunningAgent.StartAsync(world.Configure($",\"trust\":{{{trust}}}"), follow: false))
        {
            Assert.Null(tightened.Status.Serving);
            Assert.Equal(503, (await tightened.InferAsync(Support.Request(30))).Status);
            Assert.Contains(tightened.Status.Events, e => e.Code == code && e.Message.Contains("cannot serve release", StringComparison.Ordinal));
        }

        // Nothing was lost: under the older rules it serves again, without any network.
        world.Lie = context =>
        {
            context.Response.StatusCode = 503;
            return true;
        };
        await using var loosened = await RunningAgent.StartAsync(world.Configure(before), follow: false);
        Assert.Equal("1.0.0", loosened.Status.Serving?.Version);
    }

    [Fact]
    public async Task Where_what_served_breaks_the_present_rules_the_last_known_good_serves_if_it_keeps_them()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using (var agent = await world.ServingAsync())
        {
            // A second release that has not soaked yet when the agent ends; its model has an operator more.
            await world.PublishAsync(world.SignModel("2.0.0", WithIdentity()), 2);
            await agent.ServesAsync("2.0.0");
            var path = Path.Combine(world.Data, "models", MirrorWorld.Model, "current");
            await agent.StopAsync();
            var pointer = CurrentPointer.Parse(await File.ReadAllBytesAsync(path));
            Assert.NotNull(pointer.Previous);
            await File.WriteAllBytesAsync(path, (pointer with { LastKnownGood = pointer.Previous }).ToBytes());
        }

        await using var again = await RunningAgent.StartAsync(world.Configure(",\"trust\":{\"deniedOperators\":[\"Identity\"]}"));
        await again.UntilAsync(s => s.Serving?.Version == "1.0.0");
        await again.RefusesAsync("operator-refused"); // And the channel, which still asks for it, is told why not.
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
        await again.StopAsync();
    }

    [Fact]
    public async Task A_last_known_good_that_breaks_the_present_rules_does_not_serve_either()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using (var agent = await world.ServingAsync())
        {
            await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
            await agent.ServesAsync("2.0.0");
        }

        await using (var again = await RunningAgent.StartAsync(world.Configure(",\"trust\":{\"deniedOperators\":[\"Gemm\"]}")))
        {
            await again.RefusesAsync("operator-refused");
            Assert.Null(again.Status.Serving);
            Assert.Contains("operator-refused", again.Status.WhyNot, StringComparison.Ordinal);
        }

        // The rule is withdrawn: the same channel entry, once refused, is what serves, and in sync.
        await using var loosened = await RunningAgent.StartAsync(world.Configure());
        await loosened.ServesAsync("2.0.0");
    }

    private static byte[] WithIdentity()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Support.Model(Gemm)));
        var input = model.Graph.Node[0].Input[0];
        model.Graph.Node[0].Input[0] = "same";
        model.Graph.Node.Insert(0, new NodeProto { OpType = "Identity", Input = { input }, Output = { "same" } });
        return model.ToByteArray();
    }
}
