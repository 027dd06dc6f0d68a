using Ci.Jobs;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>Where a report comes from: options first, then the job.</summary>
internal static class ReportJob
{
    public static ReportLineage Lineage(CliContext context, string? commit, string? runUrl)
    {
        var job = JobDetector.Detect(context.Environment, path => File.Exists(path) ? File.ReadAllText(path) : null);
        return new ReportLineage
        {
            Repository = job.Repository,
            Commit = commit ?? job.CommitSha,
            Branch = job.Branch,
            RunUrl = runUrl ?? job.RunUrl?.AbsoluteUri,
            CreatedAt = context.Time.GetUtcNow(),
            Version = VersionVerb.Number,
        };
    }
}
