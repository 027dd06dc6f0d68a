using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.Releases.Tests;

public sealed class DamagedDocumentTests
{
    [Fact]
    public void A_damaged_release_is_read_or_refused() =>
        DocumentDamage.Check<ReleaseRefusedException>(Examples.Release().Seal().ToBytes(), json => _ = Release.Read(json).TotalBytes, Seal);

    [Fact]
    public void A_damaged_channel_is_read_or_refused() => DocumentDamage.Check<ReleaseRefusedException>(
        (ChannelAndTelemetryTests.Channel with { Rollout = new Rollout { Start = DateTimeOffset.UnixEpoch, Waves = [new RolloutWave { Share = 0.1, SoakMinutes = 5 }] } }).ToBytes(),
        json => Channel.Read(json).ReleaseFor("edge-7"));

    [Fact]
    public void A_damaged_golden_set_is_read_or_refused() => DocumentDamage.Check<ReleaseRefusedException>(Examples.Golden().ToBytes(), json =>
    {
        var golden = GoldenSet.Read(json);
        _ = golden.Request.Inputs.Select(tensor => tensor.Numbers()).ToList();
        _ = golden.ToBytes();
    });

    [Fact]
    public void A_damaged_batch_is_read_or_refused() => DocumentDamage.Check<ReleaseRefusedException>(
        (ChannelAndTelemetryTests.Batch with { Inputs = new Dictionary<string, SketchRecord> { ["x"] = ChannelAndTelemetryTests.Batch.LatencyMs! } }).ToBytes(),
        json => TelemetryBatch.Read(json).ToGzip());

    [Fact]
    public void A_damaged_bundle_is_read_or_refused()
    {
        using var key = Examples.Key();
        var release = Examples.Release().Seal();
        var document = release.ToBytes();
        DocumentDamage.Check<ReleaseRefusedException>(ReleaseVerification.Sign(key, release, document), bundle => ReleaseVerification.Verify(document, bundle, [TrustedKey.Of(key)]));
    }

    // A damaged release must not be refused for its id alone.
    private static void Seal(JsonObject document)
    {
        if (!document.Remove("id"))
            return;
        try
        {
            document["id"] = Sha256Digest.Of(CanonicalJson.Of(document)).Hex;
        }
        catch (FormatException)
        {
            document["id"] = new string('0', 64);
        }
    }
}
