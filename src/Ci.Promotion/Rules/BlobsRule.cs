using Ci.Storage;

namespace Ci.Promotion.Rules;

/// <summary>Every file of the release is in the blob store with its signed size (devices check the bytes themselves).</summary>
internal sealed class BlobsRule : IPromotionRule
{
    public string Name => "blobs";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Release is not { } verified)
            return this.Unknown();
        foreach (var artifact in verified.Release.Artifacts)
        {
            var blob = await facts.Context.Store.StatAsync(BlobKeys.OfSha256(artifact.Sha256.Hex), ct);
            if (blob is null)
                return this.No($"{artifact.Path} is not in {facts.Context.Store.Description}");
            if (blob.Length != artifact.Bytes)
                return this.No($"{artifact.Path} has {blob.Length} bytes in {facts.Context.Store.Description}; the signed release says {artifact.Bytes}");
        }

        return this.Yes($"{verified.Release.Artifacts.Count} files, {verified.Release.TotalBytes} bytes");
    }
}
