using Ci.Git;

namespace Ci.Cli;

/// <summary>How verbs call git: the job's environment, its token for http(s) remotes, its clock.</summary>
internal static class GitSettings
{
    public static GitOptions Of(CliContext context) => new()
    {
        AuthorName = context.Variable("GIT_AUTHOR_NAME") ?? "mlops",
        AuthorEmail = context.Variable("GIT_AUTHOR_EMAIL") ?? "mlops@localhost",
        Token = context.Variable("MLOPS_TOKEN") ?? context.Variable("GITHUB_TOKEN"),
        TokenUser = "x-access-token",
        Environment = context.Environment,
        Time = context.Time,
    };
}
