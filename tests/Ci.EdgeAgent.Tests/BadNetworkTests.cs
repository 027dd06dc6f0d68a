using Ci.Releases;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests;

/// <summary>Whole agents behind networks of the kind that devices have: the old model serves all along, and why nothing new comes is told.</summary>
public sealed class BadNetworkTests
{
    [Fact]
    public async Task Behind_a_line_that_cuts_three_of_ten_connections_an_update_arrives_and_nobody_notices()
    {
        await using var world = await MirrorWorld.StartAsync();
        using var proxy = new TcpProxy(world.Port, 3);
        await using var agent = await world.ServingAsync(port: proxy.Port);
        world.Lie = context =>
        {
            context.Response.Headers.Connection = "close";
            return false;
        };
        (proxy.CutShare, proxy.CutAnswersWithin) = (0.3, 4000);
        var weights = new byte[4 << 20];
        new Random(1).NextBytes(weights);
        var second = world.SignModel("2.0.0", File.ReadAllBytes(Support.Model("breast-mlp-base.onnx")), ("notes.bin", weights));
        await world.PublishAsync(second, 2);
        var (asked, failed) = (0, 0);
        while (!(agent.Status.Serving?.Version == "2.0.0" && agent.Status.InSync) && asked < 3000)
        {
            asked++;
            failed += (await agent.InferAsync(Support.Request(30))).Status == 200 ? 0 : 1;
            await Task.Delay(5);
        }

        await agent.ServesAsync("2.0.0");
        Assert.Equal(0, failed);
        Assert.True(asked > 5);
    }

    [Fact]
    public async Task An_unchanged_mirror_costs_one_request_without_a_body()
    {
        await using var world = await MirrorWorld.StartAsync();
        using var proxy = new TcpProxy(world.Port);
        await using var agent = await world.ServingAsync(port: proxy.Port);
        await Task.Delay(200);
        var (requests, bytes) = (world.Requests.Count, proxy.AnswerBytes);
        await Task.Delay(1200);
        var asked = world.Requests.Count - requests;
        Assert.InRange(asked, 5, 20);
        Assert.All(world.Requests.Skip(requests), r => Assert.Equal("GET /mirror.json", r));
        // Heads alone: far less than the index itself, which has over a thousand bytes.
        Assert.True(world.Read(MirrorIndex.FileName).Length > 1000);
        Assert.InRange((proxy.AnswerBytes - bytes) / asked, 50, 300);
    }

    [Theory]
    [InlineData("portal", "captive portal")]
    [InlineData("gone", "no mirror.json")]
    [InlineData("denied", "403")]
    [InlineData("ill", "500")]
    [InlineData("packed", "packed")]
    [InlineData("half", "mirror-malformed")]
    public async Task Whatever_the_network_answers_instead_of_the_mirror_is_told_and_passes(string kind, string words)
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        world.Lie = context =>
        {
            (context.Response.StatusCode, var body) = kind switch
            {
                "portal" => (200, "<html>Please log in</html>"),
                "gone" => (410, ""),
                "denied" => (403, ""),
                "ill" => (500, ""),
                "half" => (200, "{\"schema\":\"mlops.mirror/v1\","),
                _ => (200, "packed"),
            };
            if (kind == "packed")
                context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body)).AsTask().Wait();
            return true;
        };
        await agent.UntilAsync(s => s.SourceError?.Contains(words, StringComparison.Ordinal) == true);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Empty(agent.Status.Refusals);
        world.Lie = null;
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_folder_is_a_mirror_too()
    {
        await using var world = await MirrorWorld.StartAsync();
        await world.PublishAsync(world.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure(source: $"\"mirror\":{System.Text.Json.JsonSerializer.Serialize(world.Web)}"));
        await agent.ServesAsync("1.0.0");
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }
}
