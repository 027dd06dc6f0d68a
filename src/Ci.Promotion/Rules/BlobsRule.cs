using Ci.Releases;

namespace Ci.Promotion.Rules;

/// <summary>Every file of the release lies in the blob store, and its bytes are the signed ones: read and hashed, not merely listed.</summary>
internal sealed class BlobsRule : IPromotionRule
{
    public const string RuleName = "blobs";

    public string Name => RuleName;

    public static RuleOutcome Whole(Release release) =>
        new(RuleName, true, $"{release.Artifacts.Count} files, {release.TotalBytes} bytes, hashed again");

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Release is not { } verified)
            return this.Unknown();
        if (facts.Blobs is { } known)
            return known;
        return await StoredBlobs.ProblemAsync(verified.Release, facts.Context.Store, ct) is { } problem ? this.No(problem.Words) : Whole(verified.Release);
    }
}
