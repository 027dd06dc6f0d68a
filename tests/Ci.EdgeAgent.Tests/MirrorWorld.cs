using System.Security.Cryptography;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;
using Ci.Testing.Network;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>A web server that holds a signed mirror and the blobs, and may be made to lie; keys of two roles; devices that follow it.</summary>
internal sealed class MirrorWorld : IAsyncDisposable
{
    public const string Environment = "production";
    public const string Model = "breast-mlp";
    private readonly TemporaryFolder folder = new();
    private LoopbackServer server = null!;
    private int writes;
    private DateTimeOffset issued = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600);

    /// <summary>Signs releases.</summary>
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Signs mirrors and bundles.</summary>
    public ECDsa SourceKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Web => folder.Of("web");

    public string Data => folder.Of("data");

    public string ConfigPath => folder.Of("agent.json");

    /// <summary>Comes before every answer; true: it was the answer.</summary>
    public Func<HttpContext, bool>? Lie { get; set; }

    public IReadOnlyCollection<string> Requests => server.Requests;

    public int Port => server.Address.Port;

    public string Of(string name) => folder.Of(name);

    public static async Task<MirrorWorld> StartAsync()
    {
        var world = new MirrorWorld();
        Directory.CreateDirectory(world.Web);
        world.server = await LoopbackServer.ServeAsync(world.Web, context => world.Lie?.Invoke(context) == true);
        return world;
    }

    public SignedRelease Sign(string version, string file = "breast-mlp-base.onnx", Func<Release, Release>? tweak = null, ECDsa? key = null) =>
        Support.Sign(key ?? Key, Model, version, file, tweak);

    /// <summary>A signed release of this model, whatever it is; its golden set is that of an honest one.</summary>
    public SignedRelease SignModel(string version, byte[] model, params (string Path, byte[] Bytes)[] others)
    {
        Artifact Of(string path, byte[] bytes, string role) => new() { Path = path, Bytes = bytes.Length, Sha256 = Sha256Digest.Of(bytes), Role = role, Chunks = ArtifactChunks.Of(bytes) };
        var signed = Sign(version, tweak: release => release with
        {
            Artifacts = [Of("model.onnx", model, ArtifactRole.Model), release.Artifacts[1], .. others.Select(o => Of(o.Path, o.Bytes, ArtifactRole.Other))],
        });
        return signed with { Blobs = [model, signed.Blobs[1], .. others.Select(o => o.Bytes)] };
    }

    /// <summary>Everything that a promotion and <c>mlops edge mirror</c> leave on the web server.</summary>
    public async Task PublishAsync(SignedRelease signed, long sequence, Func<Channel, Channel>? tweak = null, Func<MirrorIndex, MirrorIndex>? index = null, ECDsa? key = null)
    {
        await Support.StoreAsync(BlobStores.Default.Open(Web), signed);
        Write($"releases/{Model}/{signed.Release.Id}.json", signed.Document);
        Write($"releases/{Model}/{signed.Release.Id}.sigstore.json", signed.Bundle);
        var channel = new Channel { Environment = Environment, Model = Model, Release = signed.Release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([(byte)sequence]) };
        PublishChannel((tweak?.Invoke(channel) ?? channel).ToBytes(), index, key);
    }

    public void PublishChannel(byte[] channel, Func<MirrorIndex, MirrorIndex>? index = null, ECDsa? key = null)
    {
        Write(Channel.PathOf(Environment, Model), channel);
        Write(MirrorIndex.FileName, Index(channel, index, key));
    }

    /// <summary>A signed index that is a second younger than the one before.</summary>
    public byte[] Index(byte[] channel, Func<MirrorIndex, MirrorIndex>? tweak = null, ECDsa? key = null)
    {
        issued += TimeSpan.FromSeconds(1);
        var made = new MirrorIndex { IssuedAt = issued, Expires = issued + TimeSpan.FromDays(7), Channels = [new MirrorEntry { Path = Channel.PathOf(Environment, Model), Sha256 = Sha256Digest.Of(channel) }] };
        return (tweak?.Invoke(made) ?? made).Sign(key ?? SourceKey);
    }

    public void Write(string path, byte[] bytes)
    {
        var full = Path.Combine(Web, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        // As stores do: no reader ever sees half of it, and each version has a time, and so an ETag, of its own.
        File.WriteAllBytes(full + ".new", bytes);
        File.SetLastWriteTimeUtc(full + ".new", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(Interlocked.Increment(ref writes)));
        File.Move(full + ".new", full, overwrite: true);
    }

    public byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Web, path));

    public AgentConfiguration Configure(string more = "", string? source = null, int? port = null)
    {
        File.WriteAllText(folder.Of("key.pem"), Key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(folder.Of("source.pem"), SourceKey.ExportSubjectPublicKeyInfoPem());
        var web = $"http://127.0.0.1:{port ?? Port}/";
        File.WriteAllText(ConfigPath, $$"""
            {"device":"device-1","environment":"{{Environment}}","models":["{{Model}}"],"source":{{{source ?? $"\"mirror\":\"{web}\""}},"keys":["source.pem"]},"store":"{{web}}","trustedKeys":["key.pem"],
             "data":"data","listen":"http://127.0.0.1:0","pollSeconds":0.1,"soakSeconds":0.05,"onnxRuntime":{{JsonSerializer.Serialize(OnnxRuntimeLibrary.Path)}}{{more}}}
            """);
        return AgentConfigurationFile.Read(ConfigPath, new Dictionary<string, string>());
    }

    /// <summary>A device that serves 1.0.0 and is in sync.</summary>
    public async Task<RunningAgent> ServingAsync(string more = "", TimeProvider? time = null, int? port = null)
    {
        await PublishAsync(Sign("1.0.0"), 1);
        var agent = await RunningAgent.StartAsync(Configure(more, port: port), time: time);
        await agent.ServesAsync("1.0.0");
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Key.Dispose();
        SourceKey.Dispose();
        folder.Dispose();
    }
}
