using Ci.Forges;

namespace Ci.Promotion.Rules;

/// <summary>Enough people other than the author approved this very head, and so this very release: its id stands in the commit.</summary>
internal sealed class ApprovalsRule : IPromotionRule
{
    public string Name => "approvals";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Target.Approvals == 0)
            return this.Yes("none are asked for");
        if (facts.PullRequest is not { } pull)
            return this.No("there is no pull request to approve");
        if (facts.Context.NeedForge().Reviews is not { } reviews)
            return this.No("this forge cannot list approvals");
        var all = await reviews.ListAsync(pull.Number, ct);
        var blockers = all.Where(review => review.State == ReviewState.ChangesRequested).Select(review => review.Author).ToList();
        if (blockers.Count > 0)
            return this.No($"{string.Join(", ", blockers)} asked for changes");
        var approvers = all.Where(review => review.State == ReviewState.Approved && review.CommitSha == pull.HeadSha && review.Author != pull.Author)
            .Select(review => review.Author).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var words = $"{approvers.Count} of {facts.Target.Approvals}" + (approvers.Count > 0 ? $" ({string.Join(", ", approvers)})" : "");
        return approvers.Count >= facts.Target.Approvals ? this.Yes(words) : this.No(words + " approvals of this release by people other than the author");
    }
}
