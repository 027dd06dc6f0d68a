namespace Ci.Promotion.Rules;

/// <summary>The target holds no work that upstream lacks: it would be lost, or come back unnoticed.</summary>
internal sealed class NoForeignCommitsRule : IPromotionRule
{
    public string Name => "no-foreign-commits";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Upstream is not { } upstream || facts.TargetHead is not { } target)
            return this.No($"there is no branch {facts.Target.Branch}");
        if (await facts.Context.Branches.HeadAsync(upstream.Branch, ct) is not { } source)
            return this.No($"there is no branch {upstream.Branch}");
        var foreign = await facts.Context.Branches.ForeignCommitsAsync(source, target, ct);
        return foreign.Count == 0
            ? this.Yes($"{facts.Target.Branch} holds promotions only")
            : this.No($"{facts.Target.Branch} has {foreign.Count} commit(s) of its own, such as {foreign[0].Id[..7]} “{foreign[0].Subject}”; bring them to {upstream.Branch} first");
    }
}
