using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>Where a report comes from: options first, then what the job's environment says.</summary>
internal static class ReportJob
{
    public static ReportLineage Lineage(CliContext context, string? commit, string? runUrl) => new()
    {
        Repository = context.Variable("GITHUB_REPOSITORY") ?? context.Variable("CI_PROJECT_PATH"),
        Commit = commit ?? context.Variable("GITHUB_SHA") ?? context.Variable("CI_COMMIT_SHA"),
        Branch = context.Variable("GITHUB_HEAD_REF") ?? context.Variable("GITHUB_REF_NAME") ?? context.Variable("CI_COMMIT_REF_NAME"),
        RunUrl = runUrl ?? GitHubRun(context) ?? context.Variable("CI_JOB_URL"),
        CreatedAt = context.Time.GetUtcNow(),
        Version = VersionVerb.Number,
    };

    private static string? GitHubRun(CliContext context) =>
        (context.Variable("GITHUB_SERVER_URL"), context.Variable("GITHUB_REPOSITORY"), context.Variable("GITHUB_RUN_ID")) is ({ } server, { } repository, { } run)
            ? $"{server}/{repository}/actions/runs/{run}"
            : null;
}
