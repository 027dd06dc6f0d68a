using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests;

/// <summary>Several places that may hold a file, neighbours among them: whoever has the signed bytes is believed, and nobody else.</summary>
public sealed class MirrorFetchTests
{
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
}
