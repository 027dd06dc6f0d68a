using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Releases;

namespace Ci.EdgeAgent.Tests;

/// <summary>Documents that no honest tool writes, each before a whole agent that serves 1.0.0: refused by a stable code, and a good one is followed afterwards.</summary>
public sealed class AttackDocumentTests
{
    [Fact]
    public async Task A_channel_that_is_not_one_is_refused_whatever_is_wrong_with_it()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var second = world.Sign("2.0.0", "breast-mlp-cont.onnx");
        await world.PublishAsync(world.Sign("1.0.0"), 1);
        var good = Encoding.UTF8.GetString(new Channel { Environment = MirrorWorld.Environment, Model = MirrorWorld.Model, Release = second.Release.Id, Sequence = 2, PromotionId = Sha256Digest.Of([2]) }.ToBytes());
        var number = 0;
        foreach (var bad in Channels(good))
        {
            number++;
            world.PublishChannel(Encoding.UTF8.GetBytes(bad));
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bad)));
            await agent.UntilAsync(s => s.Refusals.Any(r => r.Channel == digest));
            Assert.Equal((number, "channel-malformed"), (number, agent.Status.Refusals[^1].Code));
            await AttackTests.RefusedAsync(agent, "channel-malformed");
        }

        await world.PublishAsync(second, 2);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_channel_with_ten_million_entries_is_not_even_read_to_its_end()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var entries = new StringBuilder("{\"schema\":\"mlops.channel/v1\",\"pins\":{", 1 << 28);
        for (var i = 0; i < 10_000_000; i++)
            entries.Append("\"d").Append(i).Append("\":\"\",");
        world.PublishChannel(Encoding.UTF8.GetBytes(entries.Append("\"z\":\"\"}}").ToString()));
        await AttackTests.SourceRefusedAsync(agent, "mirror-malformed");
        Assert.Contains("more than", agent.Status.SourceError, StringComparison.Ordinal);
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_signed_release_document_that_could_be_read_in_two_ways_or_says_what_is_no_number_is_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var sequence = 1;
        foreach (var (from, to, code) in Documents())
        {
            sequence++;
            await world.PublishAsync(Resign(world, world.Sign($"{sequence}.0.0"), text => text.Replace(from, to, StringComparison.Ordinal)), sequence);
            await agent.UntilAsync(s => s.Refusals.Any(r => r.Sequence == sequence));
            Assert.Equal((to, code), (to, agent.Status.Refusals[^1].Code));
            await AttackTests.RefusedAsync(agent, code);
        }

        await world.PublishAsync(world.Sign("99.0.0", "breast-mlp-cont.onnx"), 99);
        await agent.ServesAsync("99.0.0");
    }

    [Fact]
    public async Task A_golden_set_without_a_number_for_its_tolerance_proves_nothing()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var sequence = 1;
        foreach (var tolerance in (string[])["NaN", "\"NaN\"", "1e999", "-1", "null"])
        {
            sequence++;
            var signed = world.Sign($"{sequence}.0.0");
            var golden = Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(Encoding.UTF8.GetString(signed.Blobs[1]), "\"absolute\": ?[0-9.eE+-]+", $"\"absolute\":{tolerance}"));
            Assert.NotEqual(signed.Blobs[1], golden);
            var release = (signed.Release with { Artifacts = [signed.Release.Artifacts[0], signed.Release.Artifacts[1] with { Bytes = golden.Length, Sha256 = Sha256Digest.Of(golden), Chunks = null }] }).Seal();
            var document = release.ToBytes();
            await world.PublishAsync(new SignedRelease(release, document, ReleaseVerification.Sign(world.Key, release, document), [signed.Blobs[0], golden]), sequence);
            await agent.UntilAsync(s => s.Refusals.Any(r => r.Sequence == sequence));
            Assert.Equal((tolerance, "golden-malformed"), (tolerance, agent.Status.Refusals[^1].Code));
            await AttackTests.RefusedAsync(agent, "golden-malformed");
        }
    }

    [Fact]
    public async Task Two_signatures_of_which_one_is_wrong_are_no_signature()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var (good, other) = (world.Sign("2.0.0"), world.Sign("3.0.0"));
        foreach (var wrongFirst in (bool[])[false, true])
        {
            var bundle = JsonNode.Parse(good.Bundle)!;
            var mine = bundle["dsseEnvelope"]!["signatures"]!.AsArray();
            mine.Insert(wrongFirst ? 0 : 1, JsonNode.Parse(other.Bundle)!["dsseEnvelope"]!["signatures"]![0]!.DeepClone());
            await world.PublishAsync(good with { Bundle = Encoding.UTF8.GetBytes(bundle.ToJsonString()) }, wrongFirst ? 3 : 2);
            await agent.UntilAsync(s => s.Refusals.Any(r => r.Sequence == (wrongFirst ? 3 : 2)));
            await AttackTests.RefusedAsync(agent, "signature-invalid");
        }
    }

    [Fact]
    public async Task A_key_is_rotated_by_trusting_both_for_a_while_and_the_old_one_signs_nothing_any_more_afterwards()
    {
        await using var world = await MirrorWorld.StartAsync();
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using (var agent = await world.ServingAsync())
        {
            await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx", key: next), 2);
            await AttackTests.RefusedAsync(agent, "key-untrusted");
        }

        File.WriteAllText(world.Of("next.pem"), next.ExportSubjectPublicKeyInfoPem());
        // A key that is trusted no more takes what it signed with it, from the next start on: that is how a stolen one is revoked.
        await using (var revoked = await RunningAgent.StartAsync(Trusting(world, "next.pem")))
        {
            await revoked.UntilAsync(s => s.Events.Any(e => e.Message.Contains("key-untrusted", StringComparison.Ordinal) || e.Message.Contains("not among the 1 trusted keys", StringComparison.Ordinal)));
            Assert.Null(revoked.Status.Serving);
            Assert.Equal(503, (await revoked.InferAsync(Support.Request(30))).Status);
        }

        await using (var both = await RunningAgent.StartAsync(Trusting(world, "key.pem", "next.pem")))
        {
            await both.UntilAsync(s => s.Serving?.Version == "1.0.0");
            // What was refused stays refused; the same release is promoted anew.
            await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx", key: next), 3);
            await both.ServesAsync("2.0.0");
        }

        await using var last = await RunningAgent.StartAsync(Trusting(world, "next.pem"));
        await last.ServesAsync("2.0.0");
        await world.PublishAsync(world.Sign("3.0.0"), 4);
        await last.UntilAsync(s => s.Refusals.Count > 0 && s.Refusals[^1].Code == "key-untrusted" && s.Refusals[^1].Sequence == 4);
        Assert.Equal("2.0.0", last.Status.Serving!.Version);
    }

    private static Configuration.AgentConfiguration Trusting(MirrorWorld world, params string[] keys)
    {
        world.Configure();
        return Configuration.AgentConfigurationFile.Read(world.ConfigPath, new Dictionary<string, string> { ["MLOPS_EDGE_TRUSTED_KEYS"] = string.Join(':', keys.Select(world.Of)) });
    }

    private static SignedRelease Resign(MirrorWorld world, SignedRelease signed, Func<string, string> change)
    {
        var before = Encoding.UTF8.GetString(signed.Document);
        var after = change(before);
        Assert.NotEqual(before, after);
        var document = Encoding.UTF8.GetBytes(after);
        var bundle = ModelSigning.Sign(world.Key, MirrorWorld.Model, [new SignedFile(Release.FileName, Sha256Digest.Of(document)), .. signed.Release.Artifacts.Select(a => new SignedFile(a.Path, a.Sha256))]);
        return signed with { Document = document, Bundle = bundle };
    }

    private static IEnumerable<string> Channels(string good)
    {
        yield return "";
        yield return "[]";
        yield return good + good;
        yield return good.Replace("\"sequence\"", "\"sequence\":1,\"sequence\"", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\"", "\"sequence\":1,\"\\u0073equence\"", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": NaN", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 1e999", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": -2", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 9223372036854775807", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": \"2\"", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 2, \"x\": " + new string('[', 5000) + new string(']', 5000), StringComparison.Ordinal);
        yield return good.Replace("\"model\": \"breast-mlp\"", "\"model\": \"bre\u0430st-mlp\"", StringComparison.Ordinal); // a Cyrillic letter
        yield return good.Replace("\"model\": \"breast-mlp\"", "\"model\": \"../breast-mlp\"", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 2, \"pins\": {\"../../etc\": \"" + new string('a', 64) + "\"}", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 2, \"pins\": {" + string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"d{i}\":\"{new string('a', 64)}\"")) + "}", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 2, \"rollout\": {\"waves\": [{\"share\": NaN, \"soakMinutes\": 0}]}", StringComparison.Ordinal);
        yield return good.Replace("\"sequence\": 2", "\"sequence\": 2, \"rollout\": {\"waves\": [{\"share\": 1e999, \"soakMinutes\": 0}]}", StringComparison.Ordinal);
        yield return good.Replace("mlops.channel/v1", "mlops.channel/v2", StringComparison.Ordinal);
    }

    private static IEnumerable<(string From, string To, string Code)> Documents()
    {
        yield return ("\"name\":", "\"name\": \"other\", \"name\":", "release-malformed");
        yield return ("\"maxP95LatencyMs\": 1000", "\"maxP95LatencyMs\": NaN", "release-malformed");
        yield return ("\"maxP95LatencyMs\": 1000", "\"maxP95LatencyMs\": 1e999", "release-malformed");
        yield return ("\"maxP95LatencyMs\": 1000", "\"maxP95LatencyMs\": \"Infinity\"", "release-malformed");
        yield return ("\"absoluteTolerance\": 0.0001", "\"absoluteTolerance\": -1", "release-malformed");
        yield return ("\"absoluteTolerance\": 0.0001", "\"absoluteTolerance\": 1e999", "release-malformed");
        yield return ("\"name\": \"breast-mlp\"", "\"name\": \"breast\u2024mlp\"", "release-malformed");
        yield return ("\"name\":", "\"x\": " + new string('[', 5000) + new string(']', 5000) + ", \"name\":", "release-malformed");
        yield return ("\"maxP95LatencyMs\": 1000", "\"maxP95LatencyMs\": 2000", "release-id-mismatch");
    }
}
