using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Sources;
using Ci.Storage;
using Ci.Testing.Network;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>Downloads over bad lines: what comes is right, what was wasted is counted, and why nothing comes is told.</summary>
public sealed class FetchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Where_three_of_ten_connections_are_cut_each_cut_wastes_at_most_one_chunk(int seed)
    {
        using var world = new FetchWorld(48 * FetchWorld.ChunkBytes);
        // A connection for each chunk: as many chances to be cut as there are chunks.
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context => Closing(context));
        using var proxy = new TcpProxy(server.Address.Port, seed) { CutAnswersWithin = FetchWorld.ChunkBytes, CutShare = 0.3 };
        var report = await world.FetchAsync(FetchWorld.Web(proxy.Port));
        Assert.True(world.IsHere);
        Assert.True(proxy.Cuts > 4, $"only {proxy.Cuts} cuts");
        Assert.True(report.Failures >= proxy.Cuts);
        Assert.InRange(report.Wasted, 1, (long)proxy.Cuts * FetchWorld.ChunkBytes);
        const int head = 1024;
        Assert.InRange(proxy.AnswerBytes, world.Artifact.Bytes, world.Artifact.Bytes + (proxy.Cuts * (long)FetchWorld.ChunkBytes) + (proxy.Connections * head));
    }

    [Fact]
    public async Task What_came_before_the_process_ended_is_not_fetched_again()
    {
        using var world = new FetchWorld();
        var answered = 0;
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context => Interlocked.Increment(ref answered) > 6 && FetchWorld.Fail(context, 503));
        using (var first = world.Fetcher(new FetchSettings { Attempts = 1, Parallel = 1 }, FetchWorld.Web(server.Address)))
        {
            var error = await Assert.ThrowsAsync<SourceUnavailableException>(() => first.FetchAsync(world.Artifact, CancellationToken.None));
            Assert.Contains("503", error.Message, StringComparison.Ordinal);
        }

        Assert.False(world.IsHere);
        answered = int.MinValue;
        var report = await world.FetchAsync(FetchWorld.Web(server.Address));
        Assert.True(world.IsHere);
        Assert.Equal((16 - 6) * (long)FetchWorld.ChunkBytes, report.Received);
        Assert.Equal(0, report.Wasted);
    }

    [Fact]
    public async Task A_power_cut_that_tears_the_map_costs_the_torn_chunk_alone()
    {
        using var world = new FetchWorld();
        using (var partial = world.Objects.BeginPartial(world.Artifact.Sha256, world.Artifact.Bytes, FetchWorld.ChunkBytes))
        {
            for (var i = 0; i < 3; i++)
            {
                await partial.WriteAsync(i * FetchWorld.ChunkBytes, world.Bytes.AsMemory(i * FetchWorld.ChunkBytes, FetchWorld.ChunkBytes));
                await partial.CommitChunkAsync(i);
            }
        }

        var map = Directory.GetFiles(Path.Combine(world.Data, "objects", "partial"), "*.map").Single();
        await using (var file = File.OpenWrite(map))
            file.SetLength(file.Length - 3);
        await using var server = await LoopbackServer.ServeAsync(world.Blobs);
        var report = await world.FetchAsync(FetchWorld.Web(server.Address));
        Assert.True(world.IsHere);
        Assert.Equal(14L * FetchWorld.ChunkBytes, report.Received);
    }

    [Fact]
    public async Task A_slow_line_wastes_nothing()
    {
        using var world = new FetchWorld(4 * FetchWorld.ChunkBytes);
        await using var server = await LoopbackServer.ServeAsync(world.Blobs);
        using var proxy = new TcpProxy(server.Address.Port) { BytesPerSecond = 1 << 20 };
        var report = await world.FetchAsync(FetchWorld.Web(proxy.Port));
        Assert.True(world.IsHere);
        Assert.Equal(0, report.Wasted);
    }

    [Theory]
    [InlineData("http://no-such-name.invalid/", "cannot reach")]
    [InlineData("https://127.0.0.1:PORT/", "")]
    public async Task A_name_that_is_gone_or_tls_that_is_refused_is_told(string address, string words)
    {
        using var world = new FetchWorld();
        await using var server = await LoopbackServer.ServeAsync(world.Blobs);
        var mirror = FetchWorld.Web(new Uri(address.Replace("PORT", $"{server.Address.Port}", StringComparison.Ordinal)));
        using var fetcher = world.Fetcher(new FetchSettings { Attempts = 1 }, mirror);
        var error = await Assert.ThrowsAsync<SourceUnavailableException>(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1 no-such-name.invalid".Split(' '), name => error.Message.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_go_through_the_proxy_that_is_configured()
    {
        using var world = new FetchWorld();
        // As proxies do: it takes any host.
        await using var proxy = await LoopbackServer.ServeAsync(world.Blobs);
        var rules = ProxyRules.Of(new Dictionary<string, string> { ["HTTP_PROXY"] = proxy.Address.AbsoluteUri, ["NO_PROXY"] = "direct.invalid" });
        var through = BlobStores.Default.Open(new BlobLocation("http://models.invalid/") { Proxy = rules, Retries = 0 });
        await world.FetchAsync(Mirror.Of(through, TimeProvider.System));
        Assert.True(world.IsHere);
        Assert.True(rules!.IsBypassed(new Uri("http://a.direct.invalid/")));
        Assert.Null(rules.GetProxy(new Uri("http://direct.invalid/")));
        Assert.Null(ProxyRules.Of(new Dictionary<string, string>()));
    }

    private static bool Closing(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return false;
    }
}
