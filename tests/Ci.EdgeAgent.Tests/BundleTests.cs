using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Hosting;
using Ci.Releases;

namespace Ci.EdgeAgent.Tests;

/// <summary>A device without a network: what a person carries there goes through the same rules as what a mirror says.</summary>
public sealed class BundleTests
{
    private const string Alone = "\"git\":\"none\"";

    [Fact]
    public async Task A_bundle_is_imported_and_served_without_any_network()
    {
        await using var world = await MirrorWorld.StartAsync();
        var configuration = world.Configure(source: Alone, port: 1);
        await using var agent = await RunningAgent.StartAsync(configuration);
        await agent.UntilAsync(s => s.SourceError?.Contains("edge-agent import", StringComparison.Ordinal) == true);
        var (code, said) = await ImportAsync(world, Make(world, world.Sign("1.0.0"), 3));
        Assert.True(code == 0, said);
        Assert.Contains("1.0.0", said, StringComparison.Ordinal);
        await agent.ServesAsync("1.0.0");
        Assert.Equal(3, agent.Status.SequenceFloor);

        // A newer one takes its place; an older one is refused at once.
        Assert.Equal(0, (await ImportAsync(world, Make(world, world.Sign("2.0.0", "breast-mlp-cont.onnx"), 4))).Code);
        await agent.ServesAsync("2.0.0");
        Assert.Single(Directory.GetFiles(Path.Combine(world.Data, "imports")));
        var (old, why) = await ImportAsync(world, Make(world, world.Sign("1.0.0"), 3));
        Assert.Equal(AgentExit.Refused, old);
        Assert.Contains("sequence", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_brings_news_to_a_device_whose_mirror_is_out_of_reach()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        world.Lie = context =>
        {
            context.Response.StatusCode = 503;
            return true;
        };
        Assert.Equal(0, (await ImportAsync(world, Make(world, world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2))).Code);
        await agent.ServesAsync("2.0.0");
    }

    [Theory]
    [InlineData("cut", "bundle-malformed", "cut off")]
    [InlineData("flipped", "digest-mismatch", "not the file that was signed")]
    [InlineData("missing", "blob-missing", "does not hold model.onnx")]
    [InlineData("twice", "bundle-malformed", "stands twice")]
    [InlineData("traversal", "path-escape", "leaves its folder")]
    [InlineData("absolute", "path-escape", "leaves its folder")]
    [InlineData("link", "bundle-malformed", "only plain files")]
    [InlineData("foreign", "bundle-malformed", "no part of one")]
    [InlineData("gzip", "bundle-malformed", "no sound header")]
    [InlineData("page", "bundle-malformed", "no sound header")]
    [InlineData("huge", "bundle-malformed", "cut off")]
    [InlineData("expired", "mirror-expired", "expired")]
    [InlineData("strange key", "key-untrusted", "not among the")]
    [InlineData("other environment", "channel-malformed", "this device follows")]
    [InlineData("wrong size", "size-mismatch", "were signed")]
    public async Task A_bundle_that_is_not_sound_is_refused_and_leaves_nothing(string how, string refusal, string words)
    {
        await using var world = await MirrorWorld.StartAsync();
        world.Configure(source: Alone, port: 1);
        var signed = world.Sign("1.0.0");
        var file = Make(world, signed, 1, how);
        var (code, said) = await ImportAsync(world, file);
        Assert.Equal(AgentExit.Refused, code);
        Assert.Contains($"edge-agent: {refusal}:", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(world.Data, "imports")));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "evil-*"));
    }

    internal static async Task<(int Code, string Said)> ImportAsync(MirrorWorld world, string file, TimeProvider? time = null, Files.IDeviceFiles? files = null)
    {
        var agentWorld = new AgentWorld { Environment = new Dictionary<string, string>(), Log = TextWriter.Null, Time = time ?? TimeProvider.System, Files = files ?? Files.DiskFiles.Instance };
        using var said = new StringWriter();
        var code = await AgentCommandLine.RunAsync(["import", file, "--config", world.ConfigPath], agentWorld, said, said);
        return (code, said.ToString());
    }

    internal static string Make(MirrorWorld world, SignedRelease signed, long sequence, string how = "")
    {
        var environment = how == "other environment" ? "staging" : MirrorWorld.Environment;
        var path = Channel.PathOf(environment, MirrorWorld.Model);
        var channel = new Channel { Environment = environment, Model = MirrorWorld.Model, Release = signed.Release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([1]) }.ToBytes();
        var index = world.Index(
            channel,
            i => i with
            {
                Expires = how == "expired" ? i.IssuedAt.AddSeconds(1) : i.Expires,
                Channels = [new MirrorEntry { Path = path, Sha256 = Sha256Digest.Of(channel) }],
            },
            how == "strange key" ? world.Key : null);
        var entries = new List<(string Name, byte[] Bytes)>
        {
            (MirrorIndex.FileName, index), (path, channel),
            ($"releases/{MirrorWorld.Model}/{signed.Release.Id}.json", signed.Document), ($"releases/{MirrorWorld.Model}/{signed.Release.Id}.sigstore.json", signed.Bundle),
        };
        foreach (var blob in signed.Blobs)
            entries.Add((BundleFormat.ObjectName(Sha256Digest.Of(blob)), [.. blob]));
        Spoil(entries, how);
        using var archive = new MemoryStream();
        foreach (var (name, bytes) in entries)
        {
            archive.Write(BundleFormat.Header(new BundleEntry(name, bytes.Length)));
            archive.Write(bytes);
            archive.Write(new byte[BundleFormat.Padded(bytes.Length) - bytes.Length]);
        }

        archive.Write(new byte[1024]);
        var file = world.Of($"{signed.Release.Version}-{sequence}-{how}.bundle");
        File.WriteAllBytes(file, Spoil(archive.ToArray(), how));
        return file;
    }

    private static void Spoil(List<(string Name, byte[] Bytes)> entries, string how)
    {
        if (how == "flipped")
            entries[4].Bytes[100] ^= 1;
        if (how == "missing")
            entries.RemoveAt(4);
        if (how == "twice")
            entries.Add(entries[1]);
        if (how == "wrong size")
            entries[4] = (entries[4].Name, entries[4].Bytes[..^1]);
    }

    private static byte[] Spoil(byte[] archive, string how)
    {
        var second = BundleFormat.BlockBytes + (int)BundleFormat.Padded(BundleFormat.Read(archive.AsSpan(0, 512))!.Bytes);
        var header = archive.AsSpan(second, BundleFormat.BlockBytes);
        switch (how)
        {
            case "traversal":
                return Renamed(archive, second, "../../../tmp/evil-channel");
            case "absolute":
                return Renamed(archive, second, "/tmp/evil-channel");
            case "foreign":
                return Renamed(archive, second, "etc/passwd");
            case "link":
                header[156] = (byte)'2';
                break;
            case "huge":
                "77777777777"u8.CopyTo(header[124..]);
                break;
            case "cut":
                return archive[..(archive.Length / 2)];
            case "gzip":
                using (var packed = new MemoryStream())
                {
                    using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
                        gzip.Write(archive);
                    return packed.ToArray();
                }

            case "page":
                return System.Text.Encoding.UTF8.GetBytes("<!DOCTYPE html>".PadRight(2000));
            default:
                return archive;
        }

        Sum(header);
        return archive;
    }

    private static byte[] Renamed(byte[] archive, int at, string name)
    {
        var header = archive.AsSpan(at, BundleFormat.BlockBytes);
        header[..100].Clear();
        header.Slice(345, 155).Clear();
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(header);
        Sum(header);
        return archive;
    }

    private static void Sum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in header)
            sum += b;
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }
}
