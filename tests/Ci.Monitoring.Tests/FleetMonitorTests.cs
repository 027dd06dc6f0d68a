using Ci.Releases;
using Ci.Statistics;
using Ci.Storage;
using Ci.Testing;

namespace Ci.Monitoring.Tests;

public sealed class FleetMonitorTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Sha256Digest One = Sha256Digest.Of([1]);
    private static readonly Sha256Digest Two = Sha256Digest.Of([2]);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Requests_errors_and_latency_are_summed_up_by_release()
    {
        var store = await this.StoreAsync(
            Batch("edge-1", 1, One, 100, 1, Latency(1, 100)),
            Batch("edge-2", 1, One, 300, 0, Latency(101, 300)),
            Batch("edge-1", 2, Two, 10, 0, null));
        var summary = FleetMonitor.Sum("production", await new Mailbox(store).ReadAsync("production"));

        Assert.Equal([One, Two], summary.Releases.Select(r => r.Release));
        var first = summary.Releases[0];
        Assert.Equal((2, 400L, 1L, 0.0025), (first.Devices, first.Requests, first.Errors, first.ErrorRate));
        Assert.InRange(first.LatencyMs!.P50, 200 * 0.98, 201 * 1.02);
        Assert.Equal(400, first.LatencyMs.Max);
        Assert.Equal([("edge-1", Two), ("edge-2", One)], summary.Devices.Select(d => (d.Device, d.Release!.Value)));
    }

    [Fact]
    public async Task A_refusal_is_told_with_code_words_and_devices()
    {
        var refused = new TelemetryEvent
        {
            At = Start, Kind = TelemetryEventKind.Refusal, Code = "digest-mismatch", Release = Two, Version = "4.0.0", Message = "model.onnx has SHA-256 …",
        };
        var store = await this.StoreAsync(
            Batch("edge-1", 1, One, 1, 0, null) with { Events = [refused, refused with { At = Start.AddMinutes(1) }] },
            Batch("edge-2", 1, One, 1, 0, null) with { Events = [refused] });
        var refusal = Assert.Single(FleetMonitor.Sum("production", await new Mailbox(store).ReadAsync("production", "energy-load")).Refusals);
        Assert.Equal(("digest-mismatch", "the bytes are not the signed ones", "4.0.0"), (refusal.Code, refusal.Words, refusal.Version));
        Assert.Equal(["edge-1", "edge-2"], refusal.Devices);
    }

    [Fact]
    public async Task A_damaged_batch_or_one_in_the_wrong_place_is_skipped_with_words()
    {
        var store = await this.StoreAsync(Batch("edge-1", 1, One, 5, 0, null));
        await store.PutAsync("telemetry/production/energy-load/edge-1/20260501/0000000009.json.gz", new MemoryStream([1, 2, 3]));
        await store.PutAsync("telemetry/production/energy-load/edge-9/20260501/0000000001.json.gz", new MemoryStream(Batch("edge-1", 7, One, 5, 0, null).ToGzip()));
        var summary = FleetMonitor.Sum("production", await new Mailbox(store).ReadAsync("production"));
        Assert.Equal(1, summary.Batches);
        Assert.Equal(2, summary.Problems.Count);
    }

    [Fact]
    public async Task Drift_against_a_reference_asks_for_training_again_and_no_drift_does_not()
    {
        var store = await this.StoreAsync(
            Batch("edge-1", 1, One, 1000, 0, null) with
            {
                Inputs = new Dictionary<string, SketchRecord> { ["same"] = Sketch(1, 1000), ["moved"] = Sketch(600, 1000) },
            });
        var content = await new Mailbox(store).ReadAsync("production");
        var reference = new Dictionary<string, SketchRecord> { ["same"] = Sketch(1, 1000), ["moved"] = Sketch(1, 1000) };

        var summary = FleetMonitor.Sum("production", content, reference);
        Assert.Equal("moved", summary.Drift[0].Input);
        Assert.InRange(summary.Drift[1].StabilityIndex, -1e-9, 1e-9);
        var decision = Assert.Single(summary.Decisions);
        Assert.True(decision.Retrain);
        Assert.StartsWith("moved has drifted", Assert.Single(decision.Reasons), StringComparison.Ordinal);

        reference.Remove("moved");
        Assert.False(Assert.Single(FleetMonitor.Sum("production", content, reference).Decisions).Retrain);
        Assert.False(Assert.Single(FleetMonitor.Sum("production", content).Decisions).Retrain);
    }

    [Fact]
    public async Task Only_batches_after_a_time_count_when_one_is_given()
    {
        var store = await this.StoreAsync(Batch("edge-1", 1, One, 5, 0, null), Batch("edge-1", 2, One, 7, 0, null));
        Assert.Equal(2, Assert.Single((await new Mailbox(store).ReadAsync("production", since: Start.AddMinutes(2))).Batches).Sequence);
    }

    private async Task<IBlobStore> StoreAsync(params TelemetryBatch[] batches)
    {
        var store = BlobStores.Default.Open(folder.Path);
        foreach (var batch in batches)
            await store.PutAsync(batch.Key(), new MemoryStream(batch.ToGzip()));
        return store;
    }

    private static TelemetryBatch Batch(string device, long sequence, Sha256Digest release, long requests, long errors, SketchRecord? latency) => new()
    {
        Device = device, Environment = "production", Model = "energy-load", Release = release, Sequence = sequence,
        From = Start.AddMinutes(sequence - 1), To = Start.AddMinutes(sequence), Requests = requests, Errors = errors, LatencyMs = latency,
    };

    private static SketchRecord Latency(int from, int count) => Sketch(from, count);

    private static SketchRecord Sketch(int from, int count)
    {
        var sketch = new QuantileSketch();
        for (var i = 0; i < count; i++)
            sketch.Add(from + i);
        var buckets = sketch.ToBuckets();
        return new SketchRecord
        {
            RelativeError = buckets.RelativeError, Count = buckets.Count, Sum = buckets.Sum, Min = buckets.Min, Max = buckets.Max, Zeros = buckets.Zeros,
            Positive = [.. buckets.Positive.Select(cell => new SketchBucket { Index = cell.Index, Count = cell.Count })],
        };
    }
}
