namespace Ci.Releases.Tests;

public sealed class ChannelAndTelemetryTests
{
    internal static readonly Channel Channel = new()
    {
        Environment = "staging", Model = "energy-load", Release = Examples.Digest(1), Sequence = 3, Previous = Examples.Digest(2), PromotionId = Examples.Digest(4),
        Pins = new Dictionary<string, Sha256Digest> { ["edge-7"] = Examples.Digest(5) },
    };

    internal static readonly TelemetryBatch Batch = new()
    {
        Device = "edge-1.local", Environment = "production", Model = "energy-load", Release = Examples.Digest(1), Sequence = 12,
        From = new DateTimeOffset(2026, 3, 1, 23, 59, 0, TimeSpan.Zero), To = new DateTimeOffset(2026, 3, 2, 0, 1, 0, TimeSpan.Zero),
        Requests = 3, Errors = 1,
        LatencyMs = new SketchRecord { RelativeError = 0.01, Count = 3, Sum = 6, Min = 1, Max = 3, Zeros = 1, Positive = [new SketchBucket { Index = 4, Count = 2 }] },
        Events = [new TelemetryEvent { At = DateTimeOffset.UnixEpoch, Kind = TelemetryEventKind.Refusal, Code = RefusalCode.DigestMismatch.Wire(), Message = "damaged" }],
    };

    [Fact]
    public void A_channel_reads_back_what_it_wrote()
    {
        var read = Channel.Read(Channel.ToBytes());
        Assert.Equal(Channel.ToBytes(), read.ToBytes());
        Assert.Equal(Examples.Digest(5), read.ReleaseFor("edge-7"));
        Assert.Equal(Examples.Digest(1), read.ReleaseFor("edge-8"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void A_sequence_out_of_range_is_refused(long sequence) =>
        Assert.Equal(RefusalCode.ChannelMalformed, Examples.Refused(() => (Channel with { Sequence = sequence }).ToBytes()).Code);

    [Fact]
    public void A_batch_reads_back_what_it_wrote_and_knows_its_key()
    {
        Assert.Equal(Batch.ToBytes(), TelemetryBatch.Read(Batch.ToBytes()).ToBytes());
        Assert.Equal("telemetry/production/energy-load/edge-1.local/20260301/0000000012.json.gz", Batch.Key());
    }

    [Fact]
    public void A_batch_travels_compressed_and_damage_is_refused()
    {
        var packed = Batch.ToGzip();
        Assert.Equal(Batch.ToBytes(), TelemetryBatch.ReadGzip(packed).ToBytes());
        Assert.Equal(RefusalCode.TelemetryMalformed, Examples.Refused(() => TelemetryBatch.ReadGzip(packed[..(packed.Length / 2)])).Code);
        Assert.Equal(RefusalCode.TelemetryMalformed, Examples.Refused(() => TelemetryBatch.ReadGzip([1, 2, 3])).Code);
    }

    [Fact]
    public void A_sketch_whose_buckets_do_not_add_up_is_refused() =>
        Assert.Equal(RefusalCode.TelemetryMalformed, Examples.Refused(() => (Batch with { LatencyMs = Batch.LatencyMs! with { Count = 4 } }).ToBytes()).Code);

    [Fact]
    public void Every_refusal_code_has_a_wire_string_that_reads_back_and_words()
    {
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            Assert.True(Refusals.TryParse(code.Wire(), out var read));
            Assert.Equal(code, read);
            Assert.NotEmpty(code.Words());
        }

        Assert.False(Refusals.TryParse("nonsense", out _));
    }
}
