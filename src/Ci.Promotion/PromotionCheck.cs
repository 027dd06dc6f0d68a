using Ci.Forges;
using Ci.Promotion.Rules;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>Asks every rule about a promotion's pull request and puts the required check.</summary>
public sealed class PromotionCheck(PromotionContext context)
{
    public const string CheckName = "mlops/promotion";

    /// <summary>Checks a pull request; the check lands on its head, whatever came out.</summary>
    /// <exception cref="PromotionException">The pull request is no promotion at all.</exception>
    public async Task<CheckResult> CheckAsync(int pullRequest, CancellationToken ct = default)
    {
        var forge = context.NeedForge();
        var pull = await forge.PullRequests.GetAsync(pullRequest, ct);
        await context.Branches.FetchAsync(ct);
        var deploy = await context.Deploy.ReadAsync(ct);
        var policy = await deploy.PolicyAsync(ct);
        var target = policy.Environments.FirstOrDefault(environment => environment.Branch == pull.BaseBranch)
            ?? throw new PromotionException($"pull request {pullRequest} goes to {pull.BaseBranch}, which is no environment's branch");
        // A fork's head is not in the repository; then there is no prepared commit, and that rule says no.
        var prepared = await context.Branches.Repository.ResolveAsync(pull.HeadSha, ct) is null ? null : await context.Branches.PreparedAsync(pull.HeadSha, ct);
        if (prepared is null)
            throw new PromotionException($"pull request {pullRequest} is no promotion: its head {pull.HeadSha[..Math.Min(7, pull.HeadSha.Length)]} is no prepared commit; `mlops promote open --to {target.Name}` makes one");

        var facts = await FactsAsync(context, deploy, policy, target, prepared.Model, prepared.Release, ct) with
        {
            Prepared = prepared,
            PullRequest = pull,
            TargetHead = await context.Branches.HeadAsync(target.Branch, ct),
        };
        var result = new CheckResult
        {
            Environment = target.Name,
            Model = prepared.Model,
            Release = prepared.Release,
            Version = facts.Release?.Release.Version,
            Rules = await RuleBook.AskAsync(RuleBook.Check, facts, ct),
        };
        await forge.Checks.PutAsync(
            new CheckRun
            {
                Name = CheckName,
                HeadSha = pull.HeadSha,
                Status = CheckStatus.Completed,
                Conclusion = result.Passed ? CheckConclusion.Success : CheckConclusion.Failure,
                Title = result.Title,
                Summary = result.ToMarkdown(),
            },
            ct);
        return result;
    }

    internal static async Task<CheckFacts> FactsAsync(
        PromotionContext context, DeploySnapshot deploy, Policy policy, EnvironmentPolicy target, string model, Sha256Digest release, CancellationToken ct)
    {
        var facts = new CheckFacts { Context = context, Deploy = deploy, Target = target, Upstream = policy.Upstream(target.Name), Model = model, ReleaseId = release };
        try
        {
            return facts with { Release = await deploy.VerifiedAsync(model, release, context.KeysFor(target), ct) };
        }
        catch (Exception error) when (error is ReleaseRefusedException or PromotionException)
        {
            return facts with { ReleaseProblem = error.Message };
        }
    }
}
