using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests;

/// <summary>What stores answer instead of the bytes that were asked for: told, never taken, and no reason to refuse a release but by other bytes.</summary>
public sealed class StoreAnswerTests
{
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
        await using var server = await LoopbackServer.ServeAsync(world.Blobs, context => ill && FetchWorld.Fail(context, status));
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
            return times.Count == 1 && FetchWorld.Fail(context, 429);
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
}
