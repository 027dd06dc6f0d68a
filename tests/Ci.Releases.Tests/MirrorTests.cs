using System.Text;
using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.Releases.Tests;

public sealed class MirrorTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static MirrorIndex Index => new()
    {
        IssuedAt = Now, Expires = Now.AddDays(7), Channels = [new MirrorEntry { Path = "channels/production/energy-load.json", Sha256 = Examples.Digest(1) }],
    };

    [Fact]
    public void An_index_reads_as_it_was_signed_and_fits_its_schema()
    {
        using var key = Examples.Key();
        var document = Index.Sign(key);
        var read = MirrorIndex.Read(document, [TrustedKey.Of(key)]);
        Assert.Equal((Index.IssuedAt, Index.Expires), (read.IssuedAt, read.Expires));
        Assert.Equal(Examples.Digest(1), read.DigestOf("channels/production/energy-load.json"));
        Assert.Null(read.DigestOf("channels/staging/energy-load.json"));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("mirror.json"), document);
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "mirror.schema.json"), folder.Of("mirror.json")));
    }

    [Fact]
    public void White_space_and_the_order_of_members_do_not_touch_the_signature_and_everything_else_does()
    {
        using var key = Examples.Key();
        var node = JsonNode.Parse(Index.Sign(key))!;
        MirrorIndex.Read(Encoding.UTF8.GetBytes(node.ToJsonString()), [TrustedKey.Of(key)]);
        node["index"]!["later"] = 1;
        Assert.Equal(RefusalCode.DigestMismatch, Refused(node, key).Code);
    }

    [Fact]
    public void A_strange_key_or_no_signature_is_refused()
    {
        using var key = Examples.Key();
        using var strange = Examples.Key();
        var node = JsonNode.Parse(Index.Sign(key))!;
        Assert.Equal(RefusalCode.KeyUntrusted, Refused(node, strange).Code);
        ((JsonObject)node).Remove("signature");
        Assert.Equal(RefusalCode.MirrorMalformed, Refused(node, key).Code);
    }

    [Theory]
    [InlineData("../channels/x.json")]
    [InlineData("/etc/passwd")]
    public void A_path_that_leaves_its_folder_is_not_even_signed(string path)
    {
        using var key = Examples.Key();
        Assert.Equal(RefusalCode.MirrorMalformed, Examples.Refused(() => (Index with { Channels = [new MirrorEntry { Path = path, Sha256 = Examples.Digest(1) }] }).Sign(key)).Code);
        Assert.Equal(RefusalCode.MirrorMalformed, Examples.Refused(() => (Index with { Expires = Now }).Sign(key)).Code);
    }

    [Fact]
    public void Every_prefix_of_a_signed_index_is_refused_and_never_an_error_of_ours()
    {
        using var key = Examples.Key();
        var document = Index.Sign(key);
        for (var length = 0; length < document.Length - 2; length += 7)
            Assert.ThrowsAny<ReleaseRefusedException>(() => MirrorIndex.Read(document.AsSpan(0, length), [TrustedKey.Of(key)]));
    }

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(65_536, 300)]
    [InlineData(65_536, 65_537)]
    public void Chunks_that_are_not_those_of_the_size_are_refused(long chunk, long bytes)
    {
        var chunks = new ArtifactChunks { Bytes = chunk, Sha256 = [Examples.Digest(1), Examples.Digest(2), Examples.Digest(3)] };
        var release = Examples.Release();
        Assert.Equal(RefusalCode.ReleaseMalformed, Examples.Refused(() => (release with { Artifacts = [release.Artifacts[0] with { Bytes = bytes, Chunks = chunks }, release.Artifacts[1]] }).Seal()).Code);
    }

    [Fact]
    public void Chunks_of_a_file_cover_it_and_a_release_with_them_and_a_target_fits_its_schema()
    {
        var file = new byte[(3 << 20) + 5];
        var chunks = ArtifactChunks.Of(file)!;
        Assert.Equal((1 << 20, 4), ((int)chunks.Bytes, chunks.Sha256.Count));
        Assert.Null(ArtifactChunks.Of(new byte[1 << 20]));
        Assert.Equal(1 << 24, ArtifactChunks.SizeFor(10L << 30));
        var release = Examples.Release();
        var sealed1 = (release with
        {
            Artifacts = [release.Artifacts[0] with { Bytes = file.Length, Chunks = chunks }, release.Artifacts[1]],
            Target = new DeviceTarget { Classes = ["meter"], MostRuntime = "1.30", Expires = Now },
        }).Seal();
        var read = Release.Read(sealed1.ToBytes());
        Assert.Equal(chunks.Sha256, read.Model.Chunks!.Sha256);
        Assert.Equal(["meter"], read.Target!.Classes);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("release.json"), sealed1.ToBytes());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "release.schema.json"), folder.Of("release.json")));
    }

    [Theory]
    [InlineData(null, "1.99.0", true)]
    [InlineData("1.24", "1.24.7", true)]
    [InlineData("1.24", "1.25.0", false)]
    [InlineData("1.24.1", "1.24.2", false)]
    [InlineData("1.24", "2.0.0", false)]
    public void The_newest_runtime_is_compared_by_number(string? most, string have, bool runs) => Assert.Equal(runs, new DeviceTarget { MostRuntime = most }.RunsOn(have));

    [Fact]
    public void A_release_without_a_target_fits_every_device_and_one_with_classes_no_other()
    {
        Assert.True(new DeviceTarget().Fits(null));
        Assert.False(new DeviceTarget { Classes = ["meter"] }.Fits(null));
        Assert.False(new DeviceTarget { Classes = ["meter"] }.Fits("camera"));
        Assert.True(new DeviceTarget { Classes = ["meter", "camera"] }.Fits("camera"));
    }

    [Fact]
    public void A_header_of_a_bundle_reads_as_it_was_written_long_names_too()
    {
        var name = $"releases/{new string('m', 64)}/{Examples.Digest(1).Hex}.sigstore.json";
        Assert.Equal(new BundleEntry(name, 12345), BundleFormat.Read(BundleFormat.Header(new BundleEntry(name, 12345))));
        Assert.Null(BundleFormat.Read(new byte[512]));
        Assert.Equal(RefusalCode.PathEscape, Examples.Refused(() => BundleFormat.Header(new BundleEntry("../x", 1))).Code);
        Assert.Equal(RefusalCode.BundleMalformed, Examples.Refused(() => BundleFormat.Header(new BundleEntry("etc/passwd", 1))).Code);
    }

    [Fact]
    public void A_channel_with_everything_in_it_fits_its_schema()
    {
        var channel = ChannelAndTelemetryTests.Channel with
        {
            Kill = true, KillReason = "it is wrong",
            Rollout = new Rollout { Start = Now, Waves = [new RolloutWave { Share = 1, SoakMinutes = 5 }], JitterMinutes = 30, Disruption = new DisruptionBudget { Share = 0.25, WindowMinutes = 60 } },
        };
        Assert.Equal(0.25, Channel.Read(channel.ToBytes()).Rollout!.Disruption!.Share);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("channel.json"), channel.ToBytes());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "channel.schema.json"), folder.Of("channel.json")));
        Examples.Refused(() => (channel with { Rollout = channel.Rollout with { JitterMinutes = -1 } }).ToBytes());
    }

    private static ReleaseRefusedException Refused(JsonNode node, System.Security.Cryptography.ECDsa key) =>
        Examples.Refused(() => MirrorIndex.Read(Encoding.UTF8.GetBytes(node.ToJsonString()), [TrustedKey.Of(key)]));
}
