using Ci.Storage.FileSystem;
using Ci.Storage.Http;
using Ci.Testing;
using Ci.Testing.Network;

namespace Ci.Storage.Tests;

/// <summary>Ranges of one version, and reading only what changed, the same over every store that devices fetch from.</summary>
public sealed class RangedReadsTests(AzuriteFixture azurite, S3Fixture s3) : IClassFixture<AzuriteFixture>, IClassFixture<S3Fixture>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Stores() => ["folder", "http", "azure", "s3rver", "s3 simulator"];

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_range_is_read_of_the_version_that_was_begun_and_of_no_other(string kind)
    {
        await using var world = await OpenAsync(kind);
        var bytes = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        await world.Write.PutAsync("k", new MemoryStream(bytes));
        var ranged = (IRangedReads)world.Read;
        string etag;
        await using (var first = await ranged.OpenRangeAsync("k", 0, 100, null))
        {
            Assert.Equal((0, 1000), (first.Offset, first.Info.Length));
            Assert.Equal(bytes[..100], await ReadAsync(first, 100));
            etag = first.Info.ETag;
        }

        await using (var middle = await ranged.OpenRangeAsync("k", 500, 100, etag))
        {
            Assert.Equal((500, 1000), (middle.Offset, middle.Info.Length));
            Assert.Equal(bytes[500..600], await ReadAsync(middle, 100));
        }

        await using (var tail = await ranged.OpenRangeAsync("k", 900, 100, etag))
            Assert.Equal(bytes[900..], await ReadAsync(tail, 100));
        await world.Write.PutAsync("k", new MemoryStream(new byte[1001]), PutMode.Overwrite);
        await Assert.ThrowsAsync<BlobChangedException>(() => ranged.OpenRangeAsync("k", 500, 100, etag));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => ranged.OpenRangeAsync("absent", 0, 1, null));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_did_not_change_is_not_sent_again(string kind)
    {
        await using var world = await OpenAsync(kind);
        await world.Write.PutAsync("k", new MemoryStream([1, 2, 3]));
        var fresh = (IRevalidatedReads)world.Read;
        string etag;
        await using (var first = await fresh.OpenIfChangedAsync("k", null))
        {
            Assert.Equal([1, 2, 3], await ReadAsync(first!, 3));
            etag = first!.Info.ETag;
        }

        Assert.Null(await fresh.OpenIfChangedAsync("k", etag));
        await world.Write.PutAsync("k", new MemoryStream([4, 5, 6, 7]), PutMode.Overwrite);
        await using (var next = await fresh.OpenIfChangedAsync("k", etag))
            Assert.Equal([4, 5, 6, 7], await ReadAsync(next!, 4));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => fresh.OpenIfChangedAsync("absent", null));
    }

    private static async Task<byte[]> ReadAsync(BlobRange range, int most)
    {
        var buffer = new byte[most];
        var read = await range.Content.ReadAtLeastAsync(buffer, most, throwOnEndOfStream: false);
        return buffer[..read];
    }

    private async Task<World> OpenAsync(string kind)
    {
        if (kind == "http")
        {
            var server = await LoopbackServer.ServeAsync(this.folder.Path);
            return new World(new FolderBlobStore(this.folder.Path), new HttpBlobStore(server.Address), server);
        }

        IBlobStore store = kind switch
        {
            "azure" => azurite.NewStore(),
            "s3rver" => s3.NewRverStore(),
            "s3 simulator" => s3.NewSimulatorStore(),
            _ => new FolderBlobStore(this.folder.Path),
        };
        return new World(store, store, null);
    }

    private sealed record World(IBlobStore Write, IBlobStore Read, LoopbackServer? Server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => this.Server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
