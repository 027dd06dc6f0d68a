namespace Ci.Promotion.Rules;

/// <summary>What is promoted is exactly what the release was made from: the trees of head, source and the release's commit are one.</summary>
internal sealed class TreeEqualityRule : IPromotionRule
{
    public string Name => "tree-equality";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Release is not { } release)
            return this.Unknown();
        if (facts.Prepared is not { } prepared)
            return this.No("there is no prepared commit to compare with the release; see the rule `prepared-commit`");
        var branches = facts.Context.Branches;
        foreach (var (commit, what) in new[] { (prepared.Source, "its source"), (release.Release.Provenance.Commit, "the commit of the release") })
        {
            if (await branches.Repository.ResolveAsync(commit, ct) is null)
                return this.No($"{what}, {commit[..Math.Min(12, commit.Length)]}, is not in the repository; was its branch deleted or rewritten? Fetch with its whole history (`fetch-depth: 0`)");
            if (!await branches.SameTreeAsync(prepared.Commit, commit, ct))
                return this.No($"the tree differs from that of {what}, {commit[..Math.Min(12, commit.Length)]}: what would be merged is not what was tested; close this and run `mlops promote open --to {facts.Target.Name}`");
        }

        return this.Yes($"same tree as {prepared.Source[..7]}, from which the release was made");
    }
}
