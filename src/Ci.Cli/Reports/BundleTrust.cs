using Ci.Forges;
using Ci.Jobs;
using Ci.Reporting;

namespace Ci.Cli.Reports;

/// <summary>
/// What a job with rights believes of a bundle: the numbers, marked as the fork's, and nothing else. Commit and repository come from the
/// forge's event; the pull request that the bundle claims must be one that the forge itself says has that very head. docs/guide/forks.md
/// </summary>
internal static class BundleTrust
{
    /// <summary>The report as it may be shown, and the pull request that it belongs to.</summary>
    /// <exception cref="BundleRefusedException">The claim and the forge contradict each other.</exception>
    public static async Task<(Report Report, int? PullRequest, string Commit)> CheckAsync(CliContext context, ReportBundle bundle, IJob job, IForge forge, CancellationToken ct)
    {
        var facts = FactsOf(job);
        if (!string.Equals(bundle.Claims.Commit, facts.HeadSha, StringComparison.OrdinalIgnoreCase))
            throw new BundleRefusedException($"the bundle is about commit {bundle.Claims.Commit[..12]}, the event about {facts.HeadSha[..12]}: it is not what that run made");
        var pull = bundle.Claims.PullRequest is { } claimed ? await PullAsync(job, forge, facts, claimed, ct) : null;
        if (pull is null && facts.IsFork)
            throw new BundleRefusedException("the bundle names no pull request, and the commit lies in a fork: there is nothing here to report on");
        var report = bundle.Report with
        {
            Lineage = new ReportLineage
            {
                Repository = job.Repository,
                Commit = facts.HeadSha,
                Branch = pull?.HeadBranch ?? facts.HeadBranch,
                RunUrl = facts.Url?.AbsoluteUri ?? job.RunUrl?.AbsoluteUri,
                MeasuredBy = facts.IsFork ? pull?.HeadRepository ?? facts.HeadRepository ?? "a fork that is deleted" : null,
                CreatedAt = context.Time.GetUtcNow(),
                Version = Verbs.VersionVerb.Number,
            },
        };
        return (report, pull?.Number, facts.HeadSha);
    }

    // workflow_run names the run; a parent pipeline of GitLab knows its own merge request.
    private static JobTrigger FactsOf(IJob job)
    {
        if (job.Trigger is { } trigger)
            return trigger;
        if (job.PullRequest is { HeadSha: { } sha } pull)
            return new JobTrigger(job.RunId, sha, job.Branch, pull.HeadRepository, job.Event ?? "", pull.IsFork, job.RunUrl);
        throw new CliException(
            "a bundle is believed only beside an event of the forge that names the commit: post it from a job on workflow_run (GitHub) or from a merge request's parent pipeline (GitLab); "
            + "for a report of this very job leave --bundle out", ExitCode.Usage);
    }

    private static async Task<PullRequest> PullAsync(IJob job, IForge forge, JobTrigger facts, int claimed, CancellationToken ct)
    {
        if (job.PullRequest is { } known && known.Number != claimed)
            throw new BundleRefusedException($"the bundle claims pull request #{claimed}, the event names #{known.Number}");
        PullRequest pull;
        try
        {
            pull = await forge.PullRequests.GetAsync(claimed, ct);
        }
        catch (ForgeNotFoundException error)
        {
            throw new BundleRefusedException($"the bundle claims pull request #{claimed}, and {forge.Description} has none of that number", error);
        }

        if (!string.Equals(pull.HeadSha, facts.HeadSha, StringComparison.OrdinalIgnoreCase))
            throw new BundleRefusedException($"pull request #{claimed} has the head {pull.HeadSha[..Math.Min(12, pull.HeadSha.Length)]}, the event's commit is {facts.HeadSha[..12]}: it is another pull request's, or a newer push reports for itself");
        var sameRepository = pull.HeadRepository is { } there && facts.HeadRepository is { } here
            ? string.Equals(there, here, StringComparison.OrdinalIgnoreCase)
            : pull.IsFork == facts.IsFork;
        return sameRepository
            ? pull
            : throw new BundleRefusedException($"pull request #{claimed} comes from {pull.HeadRepository ?? "another repository"}, the event's commit from {facts.HeadRepository ?? "another one"}");
    }
}
