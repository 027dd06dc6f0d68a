using System.IO.Compression;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;

namespace Ci.Monitoring.Tests;

public sealed class DamagedBatchTests
{
    private static readonly SketchRecord Sketch = new() { RelativeError = 0.01, Count = 3, Sum = 6, Min = 1, Max = 3, Zeros = 1, Positive = [new SketchBucket { Index = 4, Count = 2 }] };

    private static readonly TelemetryBatch Batch = new()
    {
        Device = "edge-1", Environment = "production", Model = "energy-load", Release = Sha256Digest.Of([1]), Version = "1.0.0", Sequence = 1,
        From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.UnixEpoch.AddMinutes(1), Requests = 3, Errors = 1, LatencyMs = Sketch,
        Inputs = new Dictionary<string, SketchRecord> { ["x"] = Sketch }, Outputs = new Dictionary<string, SketchRecord> { ["y"] = Sketch },
        Events = [new TelemetryEvent { At = DateTimeOffset.UnixEpoch, Kind = TelemetryEventKind.Refusal, Code = "digest-mismatch", Message = "damaged" }],
    };

    [Fact]
    public void A_damaged_batch_in_the_mailbox_is_summed_up_or_skipped_with_words()
    {
        using var folder = new TemporaryFolder();
        var store = BlobStores.Default.Open(folder.Path);
        DocumentDamage.Check<SkippedException>(Batch.ToBytes(), json =>
        {
            store.PutAsync(Batch.Key(), new MemoryStream(Packed(json)), PutMode.Overwrite).GetAwaiter().GetResult();
            var content = new Mailbox(store).ReadAsync("production").GetAwaiter().GetResult();
            var summary = FleetMonitor.Sum("production", content, Batch.Inputs);
            summary.ToJson().ToJsonString();
            if (summary.Problems.Count > 0)
                throw new SkippedException(summary.Problems[0]);
            Assert.Equal(1, summary.Batches);
        });
    }

    private static byte[] Packed(byte[] json)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(json);
        return buffer.ToArray();
    }

    private sealed class SkippedException(string message) : Exception(message);
}
