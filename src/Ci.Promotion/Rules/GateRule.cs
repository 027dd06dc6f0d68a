namespace Ci.Promotion.Rules;

/// <summary>
/// The release is good enough to replace what is live in the environment, judged on the same data. Where nothing is live, and in the first
/// environment (whose live release the pull request was not judged against), the verdict that is bound to the release decides.
/// </summary>
internal sealed class GateRule : IPromotionRule
{
    public string Name => "gates";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Target.Gates == "none")
            return this.Yes($"{facts.Target.Name} asks for no verdict (gates: none)");
        if (facts.Release is not { } verified)
            return this.Unknown();
        if (facts.Upstream is null)
            return await this.ByVerdictAsync(facts, "", ct);
        if (await facts.Deploy.ChannelAsync(facts.Target.Name, facts.Model, ct) is not { } live)
            return await this.ByVerdictAsync(facts, $"; nothing is live in {facts.Target.Name}, so the verdict that the release carries decides", ct);
        if (live.Release == verified.Release.Id)
            return this.Yes($"it is what {facts.Target.Name} runs");
        if (facts.Context.Comparison is null)
            return await this.ByVerdictAsync(facts, "; it was not compared with what is live here", ct);
        var found = await LiveGates.CompareAsync(facts, verified, live, ct);
        return found switch
        {
            { Comparable: false } => this.No(
                $"inconclusive: {found.Words}. Where a person takes the decision, `gates: none` for {facts.Target.Name} in {Policy.Path} of the deploy repository lets this one pass"),
            { Outcome: "pass" } => this.Yes(found.Words),
            { Outcome: "inconclusive" } when facts.Target.Gates == "not-regress" => this.Yes($"{found.Words}; the policy allows inconclusive"),
            _ => this.No($"{found.Words}; {Asked(facts)}"),
        };
    }

    private async Task<RuleOutcome> ByVerdictAsync(CheckFacts facts, string why, CancellationToken ct)
    {
        var (outcome, problem) = await BoundVerdict.ReadAsync(facts, ct);
        return outcome switch
        {
            null => this.No(problem + why),
            "pass" => this.Yes("the verdict is pass" + why),
            "inconclusive" when facts.Target.Gates == "not-regress" => this.Yes("the verdict is inconclusive, which the policy allows" + why),
            _ => this.No($"the verdict is {outcome}{why}; {Asked(facts)}"),
        };
    }

    private static string Asked(CheckFacts facts) => facts.Target.Gates == "pass"
        ? $"{facts.Target.Name} asks for pass: bring a model that passes, or more evaluation data"
        : $"{facts.Target.Name} lets no regression in: bring a model that passes the gates";
}
