using System.Text.Json.Nodes;
using Ci.Releases;

namespace Ci.Cli.Tests;

/// <summary><c>mlops edge mirror</c> and <c>bundle</c>, from what a promotion left.</summary>
public sealed class EdgeTests
{
    [Fact]
    public async Task A_mirror_holds_every_channel_with_its_releases_and_a_signed_index()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var release = await world.ReleaseAsync("1.0.0", 10);
        var told = JsonNode.Parse(await world.OkAsync($"edge mirror --out {world.Of("mirror")} --valid-days 3 --json"))!;
        Assert.Equal(release.Id.Hex, (string)told["releases"]![0]!);
        var index = MirrorIndex.Read(await File.ReadAllBytesAsync(world.Of("mirror/mirror.json")), world.Keys);
        Assert.Equal(TimeSpan.FromDays(3), index.Expires - index.IssuedAt);
        var channel = await File.ReadAllBytesAsync(world.Of("mirror/channels/development/energy-load.json"));
        Assert.Equal(Sha256Digest.Of(channel), index.DigestOf("channels/development/energy-load.json"));
        var folder = world.Of($"mirror/releases/energy-load/{release.Id.Hex}");
        Assert.Equal(release.Id, ReleaseVerification.Verify(File.ReadAllBytes(folder + ".json"), File.ReadAllBytes(folder + ".sigstore.json"), world.Keys).Release.Id);

        // Again, with a newer release: the index follows.
        await world.ReleaseAsync("1.1.0", 9);
        world.Clock.Now += TimeSpan.FromHours(1);
        Assert.Contains("1 channel, 1 release", await world.OkAsync($"edge mirror --out {world.Of("mirror")}"), StringComparison.Ordinal);
        var next = MirrorIndex.Read(await File.ReadAllBytesAsync(world.Of("mirror/mirror.json")), world.Keys);
        Assert.True(next.IssuedAt > index.IssuedAt);
        Assert.NotEqual(index.Channels[0].Sha256, next.Channels[0].Sha256);
    }

    [Fact]
    public async Task A_bundle_over_a_mirrors_index_is_the_same_byte_for_byte_and_holds_what_a_device_needs()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var release = await world.ReleaseAsync("1.0.0", 10);
        await world.OkAsync($"edge mirror --out {world.Of("mirror")}");
        var call = $"edge bundle --environment development --model energy-load --index {world.Of("mirror/mirror.json")} --out ";
        await world.OkAsync(call + world.Of("a.bundle"));
        world.Clock.Now += TimeSpan.FromHours(1);
        await world.OkAsync(call + world.Of("b.bundle"));
        var bytes = await File.ReadAllBytesAsync(world.Of("a.bundle"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(world.Of("b.bundle")));

        var names = Entries(bytes).Select(e => e.Name).ToList();
        Assert.Equal(MirrorIndex.FileName, names[0]);
        var needed = release.Artifacts.Where(a => a.Role is ArtifactRole.Model or ArtifactRole.Golden).Select(a => BundleFormat.ObjectName(a.Sha256)).Order(StringComparer.Ordinal);
        Assert.Equal(needed, names.Where(n => n.StartsWith("objects/", StringComparison.Ordinal)));
        // And any tar reads it.
        using var tar = new System.Formats.Tar.TarReader(new MemoryStream(bytes));
        Assert.Equal(names[0], tar.GetNextEntry()!.Name);
    }

    [Fact]
    public async Task What_cannot_be_carried_is_told_and_leaves_no_file()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var release = await world.ReleaseAsync("1.0.0", 10);
        var nothing = await world.RunAsync("edge", "bundle", "--environment", "staging", "--model", "energy-load", "--out", world.Of("x.bundle"));
        Assert.Equal(ExitCode.Error, nothing.Code);
        Assert.Contains("nothing of energy-load is live in staging", nothing.Error, StringComparison.Ordinal);
        var model = Path.Combine(world.Blobs, Ci.Storage.BlobKeys.OfSha256(release.Model.Sha256.Hex));
        File.SetAttributes(model, FileAttributes.Normal);
        await File.WriteAllBytesAsync(model, new byte[release.Model.Bytes]);
        var damaged = await world.RunAsync("edge", "bundle", "--environment", "development", "--model", "energy-load", "--out", world.Of("x.bundle"));
        Assert.Equal(ExitCode.Refused, damaged.Code);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(world.Of("x.bundle"))!, "x.bundle*"));
        Assert.Equal(ExitCode.Usage, (await world.RunAsync("edge", "mirror", "--out", world.Of("m"), "--valid-days", "0")).Code);
    }

    private static IEnumerable<BundleEntry> Entries(byte[] archive)
    {
        for (long at = 0; BundleFormat.Read(archive.AsSpan((int)at, BundleFormat.BlockBytes)) is { } entry; at += BundleFormat.BlockBytes + BundleFormat.Padded(entry.Bytes))
            yield return entry;
    }
}
