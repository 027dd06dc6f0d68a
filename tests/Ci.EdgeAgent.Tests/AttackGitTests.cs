using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.Git;
using Ci.Releases;
using Ci.Testing;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests;

/// <summary>Whoever may write the deploy repository, or answers in its place: they hold back news at most, and fill no disk and no memory.</summary>
public sealed class AttackGitTests
{
    private const string Executable = "100755";
    private const string Link = "120000";
    private const string Module = "160000";
    private static readonly string Channel = Releases.Channel.PathOf(Deployment.Environment, Deployment.Model);

    [Fact]
    public async Task What_is_no_file_where_a_channel_belongs_is_told_and_followed_nowhere()
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var mark = Path.Combine(world.Mirror, "mark");
        File.WriteAllText(mark, "");
        foreach (var (mode, what) in ((string, string)[])[(Link, "a link"), (Module, "a commit")])
        {
            world.Commit((mode, mode == Module ? world.Git("rev-parse", "refs/heads/main") : world.Blob("/etc/passwd"u8.ToArray()), Channel));
            await agent.UntilAsync(s => s.SourceError?.StartsWith("channel-malformed: ", StringComparison.Ordinal) == true && s.SourceError.Contains($"is {what}", StringComparison.Ordinal));
        }

        world.Commit(("100644", world.Blob("{}"u8.ToArray()), Channel + "/x"));
        await agent.UntilAsync(s => s.SourceError?.Contains("is a tree", StringComparison.Ordinal) == true);
        await ServesOnAsync(agent);
        // Nothing of it made the device fetch everything anew at each look.
        Assert.True(File.Exists(mark));
        await NewsAsync(world, agent);
    }

    [Fact]
    public async Task A_channel_of_five_mebibytes_of_nothing_is_not_unpacked_and_a_smaller_one_is_refused_as_what_it_is()
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        world.Commit(("100644", world.Blob(new byte[5 << 20]), Channel));
        await agent.UntilAsync(s => s.SourceError?.StartsWith("channel-malformed: ", StringComparison.Ordinal) == true && s.SourceError.Contains("5242880 bytes", StringComparison.Ordinal));
        await ServesOnAsync(agent);
        world.Commit(("100644", world.Blob(new byte[300 << 10]), Channel));
        await AttackTests.RefusedAsync(agent, "channel-malformed");
        await NewsAsync(world, agent);
    }

    [Fact]
    public async Task Hooks_filters_attributes_and_modules_of_the_repository_run_nothing_on_the_device()
    {
        await using var world = await GitWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var trace = world.Mirror + ".pwned";
        var script = System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\ntouch '{trace}'\n");
        var config = System.Text.Encoding.UTF8.GetBytes($"[core]\n\tfsmonitor = touch '{trace}'\n\thooksPath = hooks\n[filter \"x\"]\n\tsmudge = touch '{trace}'\n\trequired\n");
        var modules = System.Text.Encoding.UTF8.GetBytes($"[submodule \"x\"]\n\tpath = x\n\turl = ext::touch {trace}\n\tupdate = !touch {trace}\n");
        world.Commit(
            (Executable, world.Blob(script), "hooks/post-checkout"), (Executable, world.Blob(script), "hooks/reference-transaction"), ("100644", world.Blob(config), "config"),
            ("100644", world.Blob("* filter=x diff=x merge=x\n"u8.ToArray()), ".gitattributes"), ("100644", world.Blob(modules), ".gitmodules"), (Module, world.Git("rev-parse", "refs/heads/main"), "x"));
        await NewsAsync(world, agent);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task A_pack_without_end_is_cut_off_removed_and_not_asked_for_again_until_the_branch_moves()
    {
        await using var world = await GitWorld.StartAsync();
        await world.Deployment.PromoteAsync(world.Deployment.Sign("1.0.0"), 1);
        var honest = world.Git("rev-parse", "refs/heads/main");
        world.CommitNoise(1, 6 << 20);
        // What a device takes is GitSource.MostMirrorBytes; a quarter of a gibibyte would take a test too long.
        var options = new GitOptions { Environment = GitIsolation.Environment, MostFetchedBytes = 2 << 20 };
        using var source = new GitSource($"http://127.0.0.1:{world.Network.Port}/deploy.git", "main", world.Mirror, options);
        var refused = await Assert.ThrowsAsync<SourceRefusedException>(() => source.RefreshAsync(CancellationToken.None));
        Assert.StartsWith("size-limit: ", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.Mirror));
        var bytes = world.Network.AnswerBytes;
        await Assert.ThrowsAsync<SourceRefusedException>(() => source.RefreshAsync(CancellationToken.None));
        Assert.InRange(world.Network.AnswerBytes - bytes, 1, 4096);
        world.Git("update-ref", "refs/heads/main", honest);
        Assert.Equal(honest, await source.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_history_that_was_taken_back_is_refused_and_the_device_stays_ahead()
    {
        await using var world = await GitWorld.StartAsync();
        await world.Deployment.PromoteAsync(world.Deployment.Sign("0.9.0", "breast-mlp-cont.onnx"), 1);
        var old = world.Git("rev-parse", "refs/heads/main");
        await world.Deployment.PromoteAsync(world.Deployment.Sign("1.0.0"), 2);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await agent.ServesAsync("1.0.0");
        world.Git("update-ref", "refs/heads/main", old);
        await AttackTests.RefusedAsync(agent, "sequence-rollback");
        Assert.Equal(2, agent.Status.SequenceFloor);
    }

    private static async Task ServesOnAsync(RunningAgent agent)
    {
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Empty(agent.Status.Refusals);
    }

    private static async Task NewsAsync(GitWorld world, RunningAgent agent)
    {
        // As a promotion after somebody cleaned up: what lies in a document's place is replaced.
        world.Commit(("100644", world.Blob("{}"u8.ToArray()), Channel));
        await world.Deployment.PromoteAsync(world.Deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }
}
