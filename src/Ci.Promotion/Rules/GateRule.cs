using System.Text.Json;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion.Rules;

/// <summary>The verdict, bound to the release by its digest, is good enough for the environment.</summary>
internal sealed class GateRule : IPromotionRule
{
    private const int MaxBytes = 4 << 20;

    public string Name => "gates";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Target.Gates == "none")
            return this.Yes($"{facts.Target.Name} asks for no verdict");
        if (facts.Release is not { } verified)
            return this.Unknown();
        if (verified.Release.ByRole(ArtifactRole.Verdict) is not { } artifact)
            return this.No("the release carries no verdict");
        var (outcome, problem) = await ReadOutcomeAsync(facts, artifact, ct);
        return outcome switch
        {
            null => this.No(problem),
            "pass" => this.Yes("the verdict is pass"),
            "inconclusive" when facts.Target.Gates == "not-regress" => this.Yes("the verdict is inconclusive, which the policy allows"),
            _ => this.No($"the verdict is {outcome}; {facts.Target.Name} asks for {facts.Target.Gates}"),
        };
    }

    private static async Task<(string? Outcome, string Problem)> ReadOutcomeAsync(CheckFacts facts, Artifact artifact, CancellationToken ct)
    {
        try
        {
            await using var stream = await facts.Context.Store.OpenReadAsync(BlobKeys.OfSha256(artifact.Sha256.Hex), ct: ct);
            var buffer = new byte[Math.Min(MaxBytes, artifact.Bytes) + 1];
            var bytes = buffer.AsMemory(0, await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct));
            if (Sha256Digest.Of(bytes.Span) != artifact.Sha256)
                return (null, "the verdict in the blob store is not the signed one");
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.TryGetProperty("outcome", out var outcome) && outcome.ValueKind == JsonValueKind.String
                ? (outcome.GetString(), "")
                : (null, "the verdict says no outcome");
        }
        catch (BlobNotFoundException)
        {
            return (null, "the verdict is not in the blob store");
        }
        catch (JsonException)
        {
            return (null, "the verdict is not valid JSON");
        }
    }
}
