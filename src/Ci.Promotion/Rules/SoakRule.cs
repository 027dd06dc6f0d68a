using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion.Rules;

/// <summary>The release has served upstream long enough, counted from what devices say themselves, and none of them refused it.</summary>
internal sealed class SoakRule : IPromotionRule
{
    private const int MaxBatches = 20_000;
    private const int MaxBytes = 16 << 20;

    public string Name => "soak";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Target.SoakMinutes <= 0 || facts.Upstream is not { } upstream)
            return this.Yes("no soak is asked for");
        DateTimeOffset? first = null;
        DateTimeOffset? last = null;
        var batches = 0;
        await foreach (var blob in facts.Context.Store.ListAsync(TelemetryBatch.PrefixOf(upstream.Name, facts.Model), ct))
        {
            if (blob.Length > MaxBytes || ++batches > MaxBatches || await ReadAsync(facts.Context.Store, blob.Key, ct) is not { } batch)
                continue;
            if (batch.Events.Any(e => e.Kind == TelemetryEventKind.Refusal && e.Release == facts.ReleaseId))
                return this.No($"{batch.Device} in {upstream.Name} refused it: {Why(batch, facts.ReleaseId)}. Bring a release that this device takes; a refusal is never outwaited");
            if (batch.Release != facts.ReleaseId)
                continue;
            first = first is null || batch.From < first ? batch.From : first;
            last = last is null || batch.To > last ? batch.To : last;
        }

        var minutes = first is null ? 0 : (last!.Value - first.Value).TotalMinutes;
        var words = $"{minutes:0.#} of {facts.Target.SoakMinutes:0.#} minutes in {upstream.Name}";
        return minutes >= facts.Target.SoakMinutes ? this.Yes(words) : this.No(
            $"{words}, by the telemetry of its devices"
            + (first is null ? $": none of them has said yet that it serves release {facts.ReleaseId.Brief}; `mlops monitor --environment {upstream.Name}` shows what they say" : "; check again when the time is over"));
    }

    private static string Why(TelemetryBatch batch, Sha256Digest release)
    {
        var refusal = batch.Events.First(e => e.Kind == TelemetryEventKind.Refusal && e.Release == release);
        return $"{refusal.Code}, {refusal.Message}";
    }

    // A batch that does not read counts as no evidence.
    private static async Task<TelemetryBatch?> ReadAsync(IBlobStore store, string key, CancellationToken ct)
    {
        try
        {
            await using var stream = await store.OpenReadAsync(key, ct: ct);
            using var buffer = new MemoryStream();
            await stream.CopyToAsync(buffer, ct);
            return TelemetryBatch.ReadGzip(buffer.ToArray());
        }
        catch (Exception error) when (error is ReleaseRefusedException or BlobNotFoundException)
        {
            return null;
        }
    }
}
