using System.Text;
using Ci.EdgeAgent.Configuration;

namespace Ci.EdgeAgent.Tests;

/// <summary>Bad networks between a device and its deploy repository: the old model serves all along, the reason is told, nothing piles up.</summary>
public sealed class NetworkGitTests
{
    [Fact]
    public async Task Behind_a_line_that_cuts_three_of_ten_connections_updates_arrive_and_leave_no_halves_behind()
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        (world.Network.CutShare, world.Network.CutAnswersWithin) = (0.3, 3000);
        var failed = 0;
        for (var version = 2; version <= 4; version++)
        {
            await world.Deployment.PromoteAsync(world.Deployment.Sign($"{version}.0.0", version % 2 == 0 ? "breast-mlp-cont.onnx" : "breast-mlp-base.onnx"), version);
            for (var asked = 0; asked < 2000 && agent.Status.Serving?.Version != $"{version}.0.0"; asked++)
            {
                failed += (await agent.InferAsync(Support.Request(30))).Status == 200 ? 0 : 1;
                await Task.Delay(5);
            }

            await agent.ServesAsync($"{version}.0.0");
        }

        Assert.Equal(0, failed);
    }

    [Fact]
    public async Task What_a_cut_fetch_leaves_is_removed_at_once()
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        // More than a hundred objects come as a pack, and fewer one by one; each answer is cut somewhere in the middle of it.
        (world.Network.CutShare, world.Network.CutAnswersWithin) = (1, 60_000);
        world.CommitNoise(150, 5000);
        await agent.UntilAsync(s => s.SourceError is not null && world.Network.Cuts > 0);
        world.CommitNoise(3, 300_000);
        await agent.UntilAsync(s => s.SourceError is not null && world.Network.Cuts > 1);
        world.Network.CutAnswersWithin = 0;
        await world.Deployment.PromoteAsync(world.Deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
        Assert.Empty(new DirectoryInfo(Path.Combine(world.Mirror, "objects")).GetFiles("tmp_*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("portal", "log-in page")]
    [InlineData("gone", "410")]
    [InlineData("missing", "not found")]
    [InlineData("denied", "403")]
    [InlineData("login", "Authentication")]
    [InlineData("ill", "500")]
    [InlineData("half", "git ls-remote failed")]
    public async Task Whatever_the_network_answers_instead_of_the_repository_is_told_and_passes(string kind, string words)
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        world.Server.Lie = context =>
        {
            (context.Response.StatusCode, var body) = kind switch
            {
                "portal" => (200, "<html>Please log in</html>"),
                "gone" => (410, ""),
                "missing" => (404, ""),
                "denied" => (403, ""),
                "login" => (401, ""),
                "ill" => (500, ""),
                _ => (200, "001e# service=git-upload-pack\n0000004895dc"),
            };
            if (kind == "half")
                context.Response.ContentType = "application/x-git-upload-pack-advertisement";
            context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask().Wait();
            return true;
        };
        await agent.UntilAsync(s => s.SourceError?.Contains(words, StringComparison.OrdinalIgnoreCase) == true);
        await ServesOnAsync(agent);
        world.Server.Lie = null;
        await world.Deployment.PromoteAsync(world.Deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_line_that_drips_and_one_that_is_down_are_waited_for()
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        world.Network.Refuses = true;
        await agent.UntilAsync(s => s.SourceError is not null);
        await ServesOnAsync(agent);
        (world.Network.Refuses, world.Network.BytesPerSecond) = (false, 4000);
        await world.Deployment.PromoteAsync(world.Deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_name_that_nobody_knows_any_more_is_told()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using (var first = await deployment.StartAsync(deployment.Configure()))
            await first.ServesAsync("1.0.0");
        var configuration = AgentConfigurationFile.Read(deployment.ConfigPath, new Dictionary<string, string> { ["MLOPS_EDGE_SOURCE__GIT"] = "http://forge.invalid/deploy.git" });
        await using var agent = await RunningAgent.StartAsync(configuration);
        await agent.UntilAsync(s => s.SourceError?.Contains("Could not resolve host", StringComparison.OrdinalIgnoreCase) == true);
        await ServesOnAsync(agent);
    }

    private static async Task ServesOnAsync(RunningAgent agent)
    {
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Empty(agent.Status.Refusals);
    }
}
