using System.Text.Json;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion.Rules;

/// <summary>The outcome of the verdict that a release carries, bound to it by its digest.</summary>
internal static class BoundVerdict
{
    private const int MaxBytes = 4 << 20;

    public static async Task<(string? Outcome, string Problem)> ReadAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Release?.Release.ByRole(ArtifactRole.Verdict) is not { } artifact)
            return (null, "the release carries no verdict; make it with `mlops release create --verdict verdict.json`");
        try
        {
            await using var stream = await facts.Context.Store.OpenReadAsync(BlobKeys.OfSha256(artifact.Sha256.Hex), ct: ct);
            var buffer = new byte[Math.Min(MaxBytes, artifact.Bytes) + 1];
            var bytes = buffer.AsMemory(0, await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct));
            if (Sha256Digest.Of(bytes.Span) != artifact.Sha256)
                return (null, "the verdict in the blob store is not the signed one; the rule `blobs` says how to mend that");
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("outcome", out var outcome) && outcome.ValueKind == JsonValueKind.String
                ? (outcome.GetString(), "")
                : (null, "the verdict says no outcome; make the release again with the verdict.json of `mlops compare`");
        }
        catch (BlobNotFoundException)
        {
            return (null, "the verdict is not in the blob store; the rule `blobs` says how to mend that");
        }
        catch (JsonException)
        {
            return (null, "the verdict is not valid JSON; make the release again with the verdict.json of `mlops compare`");
        }
    }
}
