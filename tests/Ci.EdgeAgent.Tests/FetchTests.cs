using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing.Network;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>Downloads over bad networks: what comes is right, what was wasted is counted, and why nothing comes is told.</summary>
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
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context => Interlocked.Increment(ref answered) > 6 && Fail(context, 503));
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

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_store_that_refuses_is_no_reason_to_refuse_the_release_and_is_asked_again_later(int status)
    {
        using var world = new FetchWorld();
        var ill = true;
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context => ill && Fail(context, status));
        using var fetcher = world.Fetcher(new FetchSettings { Attempts = 2 }, FetchWorld.Web(server.Address));
        var error = await Assert.ThrowsAsync<SourceUnavailableException>(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None));
        Assert.Contains(status is 404 or 410 ? "no blob" : $"{status}", error.Message, StringComparison.Ordinal);
        ill = false;
        await fetcher.FetchAsync(world.Artifact, CancellationToken.None);
        Assert.True(world.IsHere);
    }

    [Fact]
    public async Task A_store_that_asks_to_be_left_alone_is()
    {
        using var world = new FetchWorld();
        var times = new List<long>();
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context =>
        {
            lock (times)
                times.Add(TimeProvider.System.GetTimestamp());
            context.Response.Headers.RetryAfter = "1";
            return times.Count == 1 && Fail(context, 429);
        });
        await world.FetchAsync(FetchWorld.Web(server.Address));
        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[1]).TotalSeconds > 0.9);
    }

    [Theory]
    [InlineData(-1000)]
    [InlineData(1000)]
    public async Task A_file_of_another_length_than_the_signed_one_is_refused(int more)
    {
        using var world = new FetchWorld();
        world.Put([.. world.Bytes.Take(world.Bytes.Length + Math.Min(0, more)), .. new byte[Math.Max(0, more)]]);
        await using var server = await LoopbackServer.ServeAsync(world.Blobs);
        var refused = await Assert.ThrowsAsync<ReleaseRefusedException>(() => world.FetchAsync(FetchWorld.Web(server.Address)));
        Assert.Equal(RefusalCode.SizeMismatch, refused.Code);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_promises_more_bytes_than_it_sends_is_asked_again()
    {
        using var world = new FetchWorld(FetchWorld.ChunkBytes, signedChunks: false);
        var asked = 0;
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context =>
        {
            if (Interlocked.Increment(ref asked) > 2)
                return false;
            context.Response.ContentLength = world.Artifact.Bytes;
            context.Response.Body.WriteAsync(world.Bytes.AsMemory(0, 1000)).AsTask().Wait();
            context.Abort();
            return true;
        });
        await world.FetchAsync(FetchWorld.Web(server.Address));
        Assert.True(world.IsHere);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blob_that_changes_half_way_is_never_mixed_with_what_it_was(bool signedChunks)
    {
        using var world = new FetchWorld(signedChunks: signedChunks);
        var other = new byte[world.Bytes.Length];
        world.Put(other);
        var asked = 0;
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context =>
        {
            if (Interlocked.Increment(ref asked) == 2)
            {
                world.Put(world.Bytes);
                File.SetLastWriteTimeUtc(Path.Combine(world.Blobs, world.Key), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            }

            return false;
        });
        await world.FetchAsync(FetchWorld.Web(server.Address));
        Assert.True(world.IsHere);
    }

    [Theory]
    [InlineData("application/octet-stream", true)]
    [InlineData("text/html", false)]
    public async Task A_captive_portal_is_told_as_one_and_refuses_nothing(string type, bool lengthKnown)
    {
        using var world = new FetchWorld();
        var caught = true;
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context =>
        {
            if (!caught)
                return false;
            var page = "\r\n <!DOCTYPE html><html><body>Welcome to the hotel</body></html>"u8.ToArray();
            context.Response.ContentType = type;
            if (lengthKnown)
                context.Response.ContentLength = page.Length;
            context.Response.Body.WriteAsync(page).AsTask().Wait();
            return true;
        });
        using var fetcher = world.Fetcher(new FetchSettings { Attempts = 2 }, FetchWorld.Web(server.Address));
        var error = await Assert.ThrowsAsync<SourceUnavailableException>(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None));
        Assert.Contains("captive portal", error.Message, StringComparison.Ordinal);
        caught = false;
        await fetcher.FetchAsync(world.Artifact, CancellationToken.None);
        Assert.True(world.IsHere);
    }

    [Theory]
    [InlineData("range", "another range")]
    [InlineData("gzip", "packed")]
    public async Task An_answer_that_is_not_what_was_asked_for_is_not_taken(string kind, string words)
    {
        using var world = new FetchWorld();
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ETag = "\"x\"";
            var shift = kind == "range" ? 5 : 0;
            context.Response.Headers.ContentRange = $"bytes {shift}-{FetchWorld.ChunkBytes - 1 + shift}/{world.Artifact.Bytes}";
            if (kind == "gzip")
                context.Response.Headers.ContentEncoding = "gzip";
            context.Response.ContentLength = FetchWorld.ChunkBytes;
            await context.Response.Body.WriteAsync(world.Bytes.AsMemory(0, FetchWorld.ChunkBytes));
        });
        using var fetcher = world.Fetcher(new FetchSettings { Attempts = 2 }, FetchWorld.Web(server.Address));
        var error = await Assert.ThrowsAsync<SourceUnavailableException>(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_everything_once()
    {
        using var world = new FetchWorld();
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            Interlocked.Increment(ref asked);
            context.Response.ContentLength = world.Artifact.Bytes;
            await context.Response.Body.WriteAsync(world.Bytes);
        });
        var report = await world.FetchAsync(FetchWorld.Web(server.Address));
        Assert.True(world.IsHere);
        // The first chunk, the second that shows it, and the sweep, which reads past the first again.
        Assert.Equal(3, asked);
        Assert.InRange(report.Received, world.Artifact.Bytes, world.Artifact.Bytes + FetchWorld.ChunkBytes);
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

    [Fact]
    public async Task Another_mirror_is_asked_where_the_first_is_down_or_holds_other_bytes()
    {
        using var world = new FetchWorld();
        await using var good = await LoopbackServer.ServeAsync(world.Blobs);
        using var liar = new FetchWorld();
        liar.Put([.. world.Bytes.Take(5), .. new byte[world.Bytes.Length - 5]]);
        await using var wrong = await LoopbackServer.ServeAsync(liar.Blobs);
        var report = await world.FetchAsync(FetchWorld.Web(1), FetchWorld.Web(wrong.Address), FetchWorld.Web(good.Address));
        Assert.True(world.IsHere);
        Assert.True(report.Failures >= 2);
        Assert.InRange(report.Wasted, 1, 3 * FetchWorld.ChunkBytes);
    }

    [Fact]
    public async Task Only_where_every_store_that_answers_holds_other_bytes_the_release_is_refused()
    {
        using var world = new FetchWorld();
        world.Put(new byte[world.Bytes.Length]);
        await using var wrong = await LoopbackServer.ServeAsync(world.Blobs);
        var refused = await Assert.ThrowsAsync<ReleaseRefusedException>(() => world.FetchAsync(FetchWorld.Web(wrong.Address)));
        Assert.Equal(RefusalCode.DigestMismatch, refused.Code);
        using var fetcher = world.Fetcher(new FetchSettings { Attempts = 2 }, FetchWorld.Web(wrong.Address), FetchWorld.Web(1));
        await Assert.ThrowsAsync<SourceUnavailableException>(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None));
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
    public async Task A_neighbour_gives_what_it_has_and_is_believed_by_the_digest_alone()
    {
        using var neighbour = new FetchWorld();
        await neighbour.FetchAsync(Mirror.Of(FetchWorld.Store(neighbour.Blobs), TimeProvider.System));
        await using var listener = await PeerListener.StartAsync("http://127.0.0.1:0", neighbour.Objects, DiskFiles.Instance, CancellationToken.None);
        var peer = Mirror.OfPeer(FetchWorld.Store(listener.Address), TimeProvider.System);

        using var world = new FetchWorld();
        var report = await world.FetchAsync(peer, FetchWorld.Web(1));
        Assert.True(world.IsHere);
        Assert.Equal(0, report.Failures);

        using var http = new HttpClient { BaseAddress = new Uri(listener.Address) };
        foreach (var path in new[] { "/", "/objects", "/objects/sha256/" + new string('0', 64), "/objects/sha256/../../models", "/status" })
            Assert.Equal(404, (int)(await http.GetAsync(path)).StatusCode);
        using var nothing = new ByteArrayContent([]);
        Assert.Equal(405, (int)(await http.PostAsync($"/objects/sha256/{world.Artifact.Sha256}", nothing)).StatusCode);

        using var fooled = new FetchWorld();
        var path2 = neighbour.Objects.PathOf(neighbour.Artifact.Sha256.Hex);
        await File.WriteAllBytesAsync(path2, new byte[neighbour.Bytes.Length]);
        await using var good = await LoopbackServer.ServeAsync(fooled.Blobs);
        await fooled.FetchAsync(Mirror.OfPeer(FetchWorld.Store(listener.Address), TimeProvider.System), FetchWorld.Web(good.Address));
        Assert.True(fooled.IsHere);
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

    private static bool Fail(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return true;
    }
}
