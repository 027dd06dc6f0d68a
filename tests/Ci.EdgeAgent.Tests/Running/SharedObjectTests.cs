using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>Two models that need the same file at the same moment refused it once, each for what the other had written.</summary>
public sealed class SharedObjectTests
{
    [Fact]
    public async Task Models_that_need_the_same_file_at_once_all_get_it_and_it_comes_once()
    {
        using var world = new FetchWorld(8 * FetchWorld.ChunkBytes);
        await using var server = await LoopbackServer.ServeAsync(world.Blobs);
        using var fetcher = world.Fetcher(new FetchSettings(), FetchWorld.Web(server.Address));
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None))));
        Assert.True(world.IsHere);
        Assert.Equal(7, reports.Count(report => report == FetchReport.Nothing));
        Assert.Equal(world.Artifact.Bytes, reports.Sum(report => report.Received));
        Assert.Equal(8, server.Requests.Count);
    }

    [Fact]
    public async Task Who_fails_or_gives_up_waiting_holds_nobody()
    {
        using var world = new FetchWorld(FetchWorld.ChunkBytes);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var mayFail = new ManualResetEventSlim();
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context =>
        {
            if (!asked.TrySetResult())
                return false;
            mayFail.Wait();
            context.Response.StatusCode = 500;
            return true;
        });
        using var fetcher = world.Fetcher(new FetchSettings { Attempts = 1 }, FetchWorld.Web(server.Address));
        var failing = fetcher.FetchAsync(world.Artifact, CancellationToken.None);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(5));
        using var enough = new CancellationTokenSource();
        var waiting = fetcher.FetchAsync(world.Artifact, enough.Token);
        var after = fetcher.FetchAsync(world.Artifact, CancellationToken.None);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(after.IsCompleted); // The first is still at it, and nobody asks beside it.
        Assert.Single(server.Requests);
        mayFail.Set();
        await Assert.ThrowsAsync<EdgeAgent.Sources.SourceUnavailableException>(() => failing);
        Assert.Equal(world.Artifact.Bytes, (await after.WaitAsync(TimeSpan.FromSeconds(5))).Received);
        Assert.True(world.IsHere);
    }
}
