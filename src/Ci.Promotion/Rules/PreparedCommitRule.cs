namespace Ci.Promotion.Rules;

/// <summary>The pull request's head is a prepared commit for this environment, made against the target as it is now.</summary>
internal sealed class PreparedCommitRule : IPromotionRule
{
    public string Name => "prepared-commit";

    public Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct) => Task.FromResult(facts switch
    {
        { PullRequest.IsFork: true } => this.No($"the pull request comes from a fork, which nobody here controls; `mlops promote open --to {facts.Target.Name}` opens one from this repository"),
        { Prepared: null } => this.No($"the head is no commit that `mlops promote open --to {facts.Target.Name}` made"),
        _ when facts.Prepared.Environment != facts.Target.Name => this.No($"it was made for {facts.Prepared.Environment}, not for {facts.Target.Name}; run `mlops promote open --to {facts.Target.Name}`"),
        _ when facts.Prepared.Parents.Count == 0 || facts.Prepared.Parents[0] != facts.TargetHead =>
            this.No($"{facts.Target.Branch} moved since it was made; run `mlops promote open --to {facts.Target.Name}` again"),
        _ when facts.Prepared.Parents[^1] != facts.Prepared.Source => this.No($"its last parent is not the source that it names, {Brief(facts.Prepared.Source)}: somebody made it by hand; run `mlops promote open --to {facts.Target.Name}` again"),
        _ => this.Yes($"made for {facts.Target.Name} against {Brief(facts.TargetHead!)}"),
    });

    private static string Brief(string commit) => commit[..Math.Min(7, commit.Length)];
}
