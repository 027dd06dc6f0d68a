namespace Ci.Promotion.Rules;

/// <summary>The target holds no work that upstream lacks: it would be lost, or come back unnoticed.</summary>
internal sealed class NoForeignCommitsRule : IPromotionRule
{
    public string Name => "no-foreign-commits";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Upstream is not { } upstream)
            return this.No($"{facts.Target.Name} is the first environment; nothing is promoted into it by a pull request");
        if (facts.TargetHead is not { } target)
            return this.No($"the repository has no branch {facts.Target.Branch}; `mlops promote open --to {facts.Target.Name}` makes it");
        if (await facts.Context.Branches.HeadAsync(upstream.Branch, ct) is not { } source)
            return this.No($"the repository has no branch {upstream.Branch}, which {Policy.Path} of the deploy repository names for {upstream.Name}");
        var foreign = await facts.Context.Branches.ForeignCommitsAsync(source, target, ct);
        return foreign.Count == 0
            ? this.Yes($"{facts.Target.Branch} holds promotions only")
            : this.No($"{facts.Target.Branch} has {foreign.Count} commit(s) of its own, such as {foreign[0].Id[..7]} “{foreign[0].Subject}”, which this promotion would undo; bring them to {facts.MainBranch}, reset {facts.Target.Branch} to its last promotion, and release from there");
    }
}
