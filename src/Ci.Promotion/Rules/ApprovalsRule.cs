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
            return this.No($"there is no pull request to approve; `mlops promote open --to {facts.Target.Name}` makes one");
        if (facts.Context.NeedForge().Reviews is not { } reviews)
            return this.No($"this forge cannot list approvals, but {facts.Target.Name} asks for {facts.Target.Approvals}; set `approvals: 0` in {Policy.Path} and protect the branch {facts.Target.Branch} in the forge instead");
        var all = await reviews.ListAsync(pull.Number, ct);
        var blockers = all.Where(review => review.State == ReviewState.ChangesRequested).Select(review => review.Author).ToList();
        if (blockers.Count > 0)
            return this.No($"{string.Join(", ", blockers)} asked for changes; they must approve, or their review be dismissed, on {pull.Url}");
        var approvers = Approvers.Of(all, pull);
        var words = $"{approvers.Count} of {facts.Target.Approvals}" + (approvers.Count > 0 ? $" ({string.Join(", ", approvers)})" : "");
        return approvers.Count >= facts.Target.Approvals ? this.Yes(words) : this.No($"{words} approvals of this release by people other than its author {pull.Author}; approvals of an earlier head do not count. Approve it on {pull.Url} and check again");
    }
}
