using Ci.Releases;
using Ci.Storage;

namespace Ci.Monitoring;

/// <summary>The telemetry that devices left in a blob store. What they write is bounded, parsed strictly, and skipped with words where it is bad.</summary>
public sealed class Mailbox(IBlobStore store)
{
    private const long MaxCompressedBytes = 16 << 20;
    private const int MaxBatches = 200_000;

    /// <summary>Every batch of an environment and model (null: all models) that ends after a time, once each, in order of device and sequence.</summary>
    /// <exception cref="MonitoringException">There are more batches than one summary takes.</exception>
    public async Task<MailboxContent> ReadAsync(string environment, string? model = null, DateTimeOffset? since = null, CancellationToken ct = default)
    {
        var batches = new Dictionary<string, TelemetryBatch>(StringComparer.Ordinal);
        var problems = new List<string>();
        await foreach (var blob in store.ListAsync(TelemetryBatch.PrefixOf(environment, model), ct))
        {
            if (batches.Count == MaxBatches)
                throw new MonitoringException($"{store.Description} holds more than {MaxBatches} batches for {environment}; narrow it with --model or --since");
            try
            {
                var batch = TelemetryBatch.ReadGzip(await this.BytesAsync(blob, ct));
                if (batch.Key() != blob.Key)
                    problems.Add($"{blob.Key}: says that it is {batch.Key()}");
                else if (since is null || batch.To >= since)
                    batches.TryAdd($"{batch.Model}/{batch.Device}/{batch.Sequence}", batch);
            }
            catch (Exception error) when (error is ReleaseRefusedException or BlobNotFoundException)
            {
                problems.Add($"{blob.Key}: {error.Message}");
            }
        }

        return new MailboxContent(
            [.. batches.Values.OrderBy(b => b.Model, StringComparer.Ordinal).ThenBy(b => b.Device, StringComparer.Ordinal).ThenBy(b => b.Sequence)], problems);
    }

    private async Task<byte[]> BytesAsync(BlobInfo blob, CancellationToken ct)
    {
        if (blob.Length > MaxCompressedBytes)
            throw new ReleaseRefusedException(RefusalCode.TelemetryMalformed, $"{blob.Length} bytes; at most {MaxCompressedBytes} are read");
        await using var stream = await store.OpenReadAsync(blob.Key, ct: ct);
        var buffer = new byte[blob.Length];
        await stream.ReadExactlyAsync(buffer, ct);
        return buffer;
    }
}
