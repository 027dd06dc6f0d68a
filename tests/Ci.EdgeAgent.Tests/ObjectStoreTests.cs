using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.Releases;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests;

/// <summary>What lies in a device's object store, and what becomes of it when it is fetched.</summary>
public sealed class ObjectStoreTests
{
    [Fact]
    public async Task A_part_of_unknown_bytes_from_before_is_thrown_away_and_fetched_anew()
    {
        using var world = new FetchWorld(3 * FetchWorld.ChunkBytes);
        Directory.CreateDirectory(Path.Combine(world.Data, "objects", "partial"));
        await File.WriteAllBytesAsync(Path.Combine(world.Data, "objects", "partial", world.Artifact.Sha256.Hex), new byte[1000]);
        var report = await world.FetchAsync(Folder(world));
        Assert.True(world.IsHere);
        Assert.Equal(world.Artifact.Bytes, report.Received);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task An_object_that_was_damaged_on_the_disk_is_replaced(int longer)
    {
        using var world = new FetchWorld(2 * FetchWorld.ChunkBytes);
        await world.FetchAsync(Folder(world));
        var path = world.Objects.PathOf(world.Artifact.Sha256.Hex);
        var damaged = new byte[world.Bytes.Length + longer];
        world.Bytes.AsSpan(0, 1000).CopyTo(damaged);
        await File.WriteAllBytesAsync(path, damaged);
        Assert.False(world.IsHere);
        await world.FetchAsync(Folder(world));
        Assert.True(world.IsHere);
        Assert.Equal(FetchReport.Nothing, await world.FetchAsync(Folder(world)));
    }

    [Fact]
    public async Task Other_bytes_of_the_signed_length_are_refused_and_nothing_of_them_counts()
    {
        using var world = new FetchWorld(3 * FetchWorld.ChunkBytes, signedChunks: false);
        var other = (byte[])world.Bytes.Clone();
        other[5]++;
        world.Put(other);
        var refused = await Assert.ThrowsAsync<ReleaseRefusedException>(() => world.FetchAsync(Folder(world)));
        Assert.Equal(RefusalCode.DigestMismatch, refused.Code);
        Assert.Equal(0, world.Objects.PartialBytes(world.Artifact.Sha256.Hex, world.Artifact.Bytes));
        Assert.False(world.Objects.Has(world.Artifact.Sha256.Hex, world.Artifact.Bytes));
        world.Put(world.Bytes);
        await world.FetchAsync(Folder(world));
        Assert.True(world.IsHere);
    }

    [Fact]
    public async Task Endless_data_is_read_no_further_than_the_signed_size_each_time()
    {
        using var world = new FetchWorld(4 * FetchWorld.ChunkBytes, signedChunks: false);
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            var zeros = new byte[1 << 14];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(zeros, context.RequestAborted);
        });
        using var fetcher = world.Fetcher(new FetchSettings(), FetchWorld.Web(server.Address));
        var refused = await Assert.ThrowsAsync<ReleaseRefusedException>(() => fetcher.FetchAsync(world.Artifact, CancellationToken.None));
        Assert.Equal(RefusalCode.DigestMismatch, refused.Code);
        Assert.All(Directory.GetFiles(world.Data, "*", SearchOption.AllDirectories), file => Assert.True(new FileInfo(file).Length <= world.Artifact.Bytes));
        Assert.InRange(server.Requests.Count, 1, 8);
    }

    [Fact]
    public async Task Collecting_deletes_what_nobody_names()
    {
        using var world = new FetchWorld(FetchWorld.ChunkBytes);
        await world.FetchAsync(Folder(world));
        Assert.Equal(0, world.Objects.Collect(new HashSet<string> { world.Artifact.Sha256.Hex }));
        Assert.Equal(1, world.Objects.Collect(new HashSet<string>()));
        Assert.False(world.Objects.Has(world.Artifact.Sha256.Hex, world.Artifact.Bytes));
    }

    private static Mirror Folder(FetchWorld world) => Mirror.Of(FetchWorld.Store(world.Blobs), TimeProvider.System);
}
