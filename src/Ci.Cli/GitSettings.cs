using Ci.Git;

namespace Ci.Cli;

/// <summary>How verbs call git: the job's environment, its token for http(s) remotes, its clock.</summary>
internal static class GitSettings
{
    public static GitOptions Of(CliContext context)
    {
        var own = context.Variable("MLOPS_TOKEN") ?? context.Variable("GITHUB_TOKEN") ?? context.Variable("GITLAB_TOKEN");
        return new()
        {
            AuthorName = context.Variable("GIT_AUTHOR_NAME") ?? "mlops",
            AuthorEmail = context.Variable("GIT_AUTHOR_EMAIL") ?? "mlops@localhost",
            Token = own ?? context.Variable("CI_JOB_TOKEN"),
            // Access tokens of either forge take any name; GitLab's job tokens, which may only read, this one alone.
            TokenUser = own is null && context.Variable("CI_JOB_TOKEN") is not null ? "gitlab-ci-token" : "x-access-token",
            Environment = context.Environment,
            Time = context.Time,
        };
    }
}
