using System.Security.Cryptography;
using System.Text;
using Ci.EdgeAgent.States;
using Ci.Releases;
using Ci.Storage;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>
/// TUF's threats and ours, each against a whole agent that serves 1.0.0: it goes on serving it, answers all along, and says by a stable code
/// what it refused. (Whoever holds the web server can hold back news; it cannot make a device believe anything.)
/// </summary>
public sealed class AttackTests
{
    [Fact]
    public async Task Arbitrary_software_signed_by_nobody_we_know_is_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        using var strange = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await world.PublishAsync(world.Sign("2.0.0", key: strange), 2);
        await RefusedAsync(agent, "key-untrusted");
        await world.PublishAsync(world.Sign("3.0.0"), 3, key: strange);
        await SourceRefusedAsync(agent, "key-untrusted");
    }

    [Fact]
    public async Task Rollback_of_a_channel_or_of_the_whole_mirror_is_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        var old = world.Sign("0.9.0", "breast-mlp-cont.onnx");
        await world.PublishAsync(old, 1);
        var (index, channel) = (world.Read(MirrorIndex.FileName), world.Read(Channel.PathOf(MirrorWorld.Environment, MirrorWorld.Model)));
        await world.PublishAsync(world.Sign("1.0.0"), 5);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await agent.ServesAsync("1.0.0");

        world.Write(Channel.PathOf(MirrorWorld.Environment, MirrorWorld.Model), channel);
        world.Write(MirrorIndex.FileName, index);
        await SourceRefusedAsync(agent, "mirror-rollback");
        await world.PublishAsync(old, 4);
        await RefusedAsync(agent, "sequence-rollback");
        Assert.Equal(5, agent.Status.SequenceFloor);
    }

    [Fact]
    public async Task A_frozen_mirror_is_told_once_it_has_expired_and_a_renewed_one_is_followed_again()
    {
        await using var world = await MirrorWorld.StartAsync();
        var clock = new ShiftedClock(TimeProvider.System.GetUtcNow());
        await using var agent = await world.ServingAsync(time: clock);
        clock.Advance(TimeSpan.FromDays(8));
        await SourceRefusedAsync(agent, "mirror-expired");
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2, index: i => i with { Expires = i.Expires + TimeSpan.FromDays(30) });
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_frozen_mirror_is_told_on_a_device_whose_clock_says_1970_too()
    {
        await using var world = await MirrorWorld.StartAsync();
        var clock = new ShiftedClock(DateTimeOffset.UnixEpoch);
        await world.PublishAsync(world.Sign("1.0.0"), 1, index: i => i with { Expires = i.IssuedAt + TimeSpan.FromSeconds(2) });
        await using var agent = await RunningAgent.StartAsync(world.Configure(), time: clock);
        await agent.ServesAsync("1.0.0");
        await SourceRefusedAsync(agent, "mirror-expired");
        Assert.Contains("clock is not set", agent.Status.SourceError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fast_forward_locks_no_device_out()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        // An absurd sequence that names what can never be installed.
        using var strange = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await world.PublishAsync(world.Sign("9.0.0", key: strange), 1L << 50);
        await RefusedAsync(agent, "key-untrusted");
        Assert.Equal(1, agent.Status.SequenceFloor);
        // An index from a future in which every true one would be old.
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2, index: i => i with { IssuedAt = i.IssuedAt.AddYears(50), Expires = i.Expires.AddYears(60) });
        await SourceRefusedAsync(agent, "mirror-malformed");
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task Mix_and_match_of_documents_that_were_never_together_is_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var path = Channel.PathOf(MirrorWorld.Environment, MirrorWorld.Model);
        var good = world.Read(path);
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        world.Write(path, good);
        await SourceRefusedAsync(agent, "mirror-mismatch");

        var (third, fourth) = (world.Sign("3.0.0", "breast-mlp-cont.onnx"), world.Sign("4.0.0", "breast-mlp-cont.onnx"));
        await world.PublishAsync(third with { Bundle = fourth.Bundle }, 3);
        await RefusedAsync(agent, "digest-mismatch");
        await world.PublishAsync(fourth with { Document = third.Document, Bundle = third.Bundle }, 4);
        await RefusedAsync(agent, "release-id-mismatch");
    }

    [Fact]
    public async Task Endless_data_is_cut_off_at_the_signed_size()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var second = world.Sign("2.0.0", "breast-mlp-cont.onnx");
        await world.PublishAsync(second, 2, index: i => i with { Expires = i.Expires });
        long sent = 0;
        world.Lie = context => context.Request.Path.Value!.Contains("sha256", StringComparison.Ordinal) && Endless(context, () => Interlocked.Add(ref sent, 1 << 16));
        await RefusedAsync(agent, "digest-mismatch");
        Assert.InRange(sent, 1, 32 << 20);

        world.Lie = context => context.Request.Path == "/" + MirrorIndex.FileName && Endless(context, () => 0);
        await SourceRefusedAsync(agent, "mirror-malformed");
    }

    [Fact]
    public async Task A_release_for_another_target_is_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync(",\"trust\":{\"deviceClass\":\"camera\"}");
        await world.PublishAsync(world.Sign("2.0.0", tweak: r => r with { Target = new DeviceTarget { Classes = ["gateway", "meter"] } }), 2);
        await RefusedAsync(agent, "device-class");
        await world.PublishAsync(world.Sign("3.0.0", tweak: r => r with { Name = "other-model" }), 3);
        await RefusedAsync(agent, "release-id-mismatch");
        await world.PublishAsync(world.Sign("4.0.0", tweak: r => r with { Target = new DeviceTarget { Expires = r.Provenance.CreatedAt.AddYears(30) } }), 4);
        await RefusedAsync(agent, "release-expired");
        await world.PublishAsync(world.Sign("5.0.0", tweak: r => r with { Target = new DeviceTarget { MostRuntime = "1.10" } }), 5);
        await RefusedAsync(agent, "runtime-too-new");
        await world.PublishAsync(world.Sign("6.0.0", tweak: r => r with { Opsets = new Dictionary<string, long> { ["ai.onnx"] = 3 } }), 6);
        await RefusedAsync(agent, "opset-range");
        await world.PublishAsync(world.Sign("7.0.0", "breast-mlp-cont.onnx", r => r with { Target = new DeviceTarget { Classes = ["camera"], Expires = TimeProvider.System.GetUtcNow().AddDays(1), MostRuntime = "1.999" } }), 7);
        await agent.ServesAsync("7.0.0");
    }

    [Fact]
    public async Task The_channel_of_another_environment_or_model_in_our_place_is_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var second = world.Sign("2.0.0", "breast-mlp-cont.onnx");
        await world.PublishAsync(second, 2, c => c with { Environment = "staging" });
        await RefusedAsync(agent, "channel-malformed");
        await world.PublishAsync(second, 3, c => c with { Model = "other" });
        await agent.UntilAsync(s => s.Refusals.Count(r => r.Code == "channel-malformed") == 2);
    }

    [Fact]
    public async Task A_key_of_one_role_signs_nothing_of_another()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        await world.PublishAsync(world.Sign("2.0.0", key: world.SourceKey), 2);
        await RefusedAsync(agent, "key-untrusted");
        await world.PublishAsync(world.Sign("3.0.0"), 3, key: world.Key);
        await SourceRefusedAsync(agent, "key-untrusted");
    }

    [Fact]
    public async Task A_signature_of_one_kind_of_document_is_none_of_another()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        // The very key that signs mirrors, over a release.
        var signed = world.Sign("2.0.0", key: world.SourceKey);
        var index = System.Text.Json.Nodes.JsonNode.Parse(world.Read(MirrorIndex.FileName))!;
        index["signature"] = System.Text.Json.Nodes.JsonNode.Parse(signed.Bundle);
        world.Write(MirrorIndex.FileName, Encoding.UTF8.GetBytes(index.ToJsonString()));
        await SourceRefusedAsync(agent, "signature-invalid");
        // A field of a signed index that was changed afterwards.
        await world.PublishAsync(world.Sign("3.0.0"), 3);
        world.Write(MirrorIndex.FileName, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(world.Read(MirrorIndex.FileName)).Replace("\"expires\": \"20", "\"expires\": \"30", StringComparison.Ordinal)));
        await SourceRefusedAsync(agent, "digest-mismatch");
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_release_is_refused_even_when_it_is_signed()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var signed = world.Sign("2.0.0");
        var text = Encoding.UTF8.GetString(signed.Document).Replace("\"golden.json\"", "\"../../golden.json\"", StringComparison.Ordinal);
        var document = Encoding.UTF8.GetBytes(text);
        var bundle = ModelSigning.Sign(world.Key, MirrorWorld.Model, [new SignedFile(Release.FileName, Sha256Digest.Of(document)), .. signed.Release.Artifacts.Select(a => new SignedFile(a.Path, a.Sha256))]);
        await world.PublishAsync(signed with { Document = document, Bundle = bundle }, 2);
        await RefusedAsync(agent, "path-escape");
    }

    [Fact]
    public async Task A_damaged_cache_is_fetched_again_and_never_served()
    {
        await using var world = await MirrorWorld.StartAsync();
        var first = world.Sign("1.0.0");
        await using (var agent = await world.ServingAsync())
            await agent.StopAsync();
        var hex = first.Release.Model.Sha256.Hex;
        var path = Path.Combine(world.Data, "objects", "sha256", hex[..2], hex);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await using var again = await RunningAgent.StartAsync(world.Configure());
        await again.ServesAsync("1.0.0");
        Assert.True(Sha256Digest.Of(await File.ReadAllBytesAsync(path)) == first.Release.Model.Sha256);
    }

    // A write to a connection that is gone ends at once and in silence; its flush alone tells.
    private static bool Endless(HttpContext context, Func<long> count)
    {
        var zeros = new byte[1 << 16];
        try
        {
            while (!context.Response.BodyWriter.WriteAsync(zeros, context.RequestAborted).AsTask().GetAwaiter().GetResult().IsCompleted)
                count();
        }
        catch (OperationCanceledException)
        {
            // The device has had enough.
        }

        return true;
    }

    internal static async Task RefusedAsync(RunningAgent agent, string code)
    {
        await agent.UntilAsync(s => s.State == AgentState.Quarantined && s.Refusals.Count > 0 && s.Refusals[^1].Code == code && s.WhyNot?.StartsWith(code, StringComparison.Ordinal) == true);
        await StillServesAsync(agent);
    }

    internal static async Task SourceRefusedAsync(RunningAgent agent, string code)
    {
        await agent.UntilAsync(s => s.SourceError?.StartsWith(code + ":", StringComparison.Ordinal) == true);
        await StillServesAsync(agent);
    }

    private static async Task StillServesAsync(RunningAgent agent)
    {
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
    }
}
