using Ci.Forges;
using Ci.Promotion.Rules;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>Asks every rule about a promotion's pull request and puts the required check.</summary>
public sealed class PromotionCheck(PromotionContext context)
{
    public const string CheckName = "mlops/promotion";

    /// <summary>Checks a pull request; the check lands on its head, whatever came out.</summary>
    /// <exception cref="PromotionRefusedException">The pull request is no promotion at all; the check says so.</exception>
    /// <exception cref="PromotionException">It goes to no environment.</exception>
    public async Task<CheckResult> CheckAsync(int pullRequest, CancellationToken ct = default)
    {
        var forge = context.NeedForge();
        var pull = await forge.PullRequests.GetAsync(pullRequest, ct);
        await context.Branches.FetchAsync(ct);
        var deploy = await context.Deploy.ReadAsync(ct);
        var policy = await deploy.PolicyAsync(ct);
        var target = policy.Environments.FirstOrDefault(environment => environment.Branch == pull.BaseBranch)
            ?? throw new PromotionException(
                $"pull request {pullRequest} goes to {pull.BaseBranch}, which is no environment's branch; {Policy.Path} of the deploy repository lists {string.Join(", ", policy.Environments.Select(environment => environment.Branch))}");
        // A fork's head is not in the repository; then there is no prepared commit, and that rule says no.
        var prepared = await context.Branches.Repository.ResolveAsync(pull.HeadSha, ct) is null ? null : await context.Branches.PreparedAsync(pull.HeadSha, ct);
        if (prepared is null)
            throw await RefuseAsync(forge, pull, target, ct);
        var head = await context.Branches.HeadAsync(target.Branch, ct);
        var facts = await FactsAsync(context, deploy, policy, target, prepared.Model, prepared.Release, ct) with
        {
            Prepared = prepared,
            PullRequest = pull,
            TargetHead = head,
            TargetBefore = head,
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

    // The check is required: where it said nothing, such a pull request would wait for ever and nobody would know for what.
    private static async Task<PromotionRefusedException> RefuseAsync(IForge forge, PullRequest pull, EnvironmentPolicy target, CancellationToken ct)
    {
        var words = $"pull request {pull.Number} is no promotion: its head {pull.HeadSha[..Math.Min(7, pull.HeadSha.Length)]} is no commit that `mlops promote open --to {target.Name}` made. "
            + $"Only promotions go to {target.Branch}; bring this change to the branch where people author, and promote the release that comes of it";
        // A fork's head belongs to another repository; there a check cannot be put.
        if (!pull.IsFork)
        {
            await forge.Checks.PutAsync(
                new CheckRun
                {
                    Name = CheckName, HeadSha = pull.HeadSha, Status = CheckStatus.Completed, Conclusion = CheckConclusion.Failure,
                    Title = $"Only promotions go to {target.Branch}", Summary = words + ".",
                },
                ct);
        }

        return new PromotionRefusedException(words);
    }

    internal static async Task<CheckFacts> FactsAsync(
        PromotionContext context, DeploySnapshot deploy, Policy policy, EnvironmentPolicy target, string model, Sha256Digest release, CancellationToken ct)
    {
        var facts = new CheckFacts
        {
            Context = context, Deploy = deploy, Target = target, Upstream = policy.Upstream(target.Name), MainBranch = policy.Environments[0].Branch, Model = model, ReleaseId = release,
        };
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
