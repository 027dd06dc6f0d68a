using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Releases.Tests;

public sealed class AbsentFieldTests
{
    [Fact]
    public void A_channel_without_optional_fields_is_read()
    {
        var channel = Channel.Read(Without(ChannelAndTelemetryTests.Channel.ToBytes(), "pins", "hold", "previous"));
        Assert.Empty(channel.Pins);
        Assert.Equal(Examples.Digest(1), channel.ReleaseFor("edge-7"));
    }

    [Fact]
    public void A_batch_without_optional_fields_is_read()
    {
        var batch = TelemetryBatch.Read(Without(ChannelAndTelemetryTests.Batch.ToBytes(), "inputs", "outputs", "events", "latencyMs", "droppedRecords"));
        Assert.Empty(batch.Inputs);
        Assert.Empty(batch.Outputs);
        Assert.Empty(batch.Events);
    }

    [Fact]
    public void A_sketch_without_buckets_is_read_and_judged_by_its_counts()
    {
        var document = JsonNode.Parse(ChannelAndTelemetryTests.Batch.ToBytes())!;
        document["latencyMs"] = new JsonObject { ["relativeError"] = 0.01, ["count"] = 0 };
        Assert.Equal(0, TelemetryBatch.Read(Encoding.UTF8.GetBytes(document.ToJsonString())).LatencyMs!.Count);
    }

    [Fact]
    public void A_release_without_optional_fields_is_read()
    {
        var document = (JsonObject)JsonNode.Parse(Examples.Release().Seal().ToBytes())!;
        document.Remove("opsets");
        foreach (var name in new[] { "dataSha256", "parameters", "seeds" })
            ((JsonObject)document["provenance"]!).Remove(name);
        document.Remove("id");
        document["id"] = Sha256Digest.Of(CanonicalJson.Of(Copy(document))).Hex;
        var release = Release.Read(Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.Empty(release.Opsets);
        Assert.Empty(release.Provenance.Seeds);
    }

    [Theory]
    [InlineData("artifacts")]
    [InlineData("inputs")]
    public void Null_in_a_list_is_refused(string list)
    {
        var document = (JsonObject)JsonNode.Parse(Examples.Release().Seal().ToBytes())!;
        ((JsonArray)document[list]!).Add((JsonNode?)null);
        Assert.Equal(RefusalCode.ReleaseMalformed, Examples.Refused(() => Release.Read(Encoding.UTF8.GetBytes(document.ToJsonString()))).Code);
    }

    [Fact]
    public void Null_for_a_sketch_or_a_tolerance_is_refused()
    {
        var batch = JsonNode.Parse(ChannelAndTelemetryTests.Batch.ToBytes())!;
        batch["inputs"] = new JsonObject { ["x"] = null };
        Examples.Refused(() => TelemetryBatch.Read(Encoding.UTF8.GetBytes(batch.ToJsonString())));
        var golden = JsonNode.Parse(Examples.Golden().ToBytes())!;
        golden["tolerance"]!["prediction"] = null;
        Examples.Refused(() => GoldenSet.Read(Encoding.UTF8.GetBytes(golden.ToJsonString())));
    }

    private static JsonObject Copy(JsonObject document)
    {
        var copy = (JsonObject)document.DeepClone();
        copy.Remove("id");
        return copy;
    }

    private static byte[] Without(byte[] bytes, params string[] names)
    {
        var document = (JsonObject)JsonNode.Parse(bytes)!;
        foreach (var name in names)
            document.Remove(name);
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }
}
