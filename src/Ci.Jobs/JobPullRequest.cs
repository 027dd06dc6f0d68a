namespace Ci.Jobs;

/// <summary>The pull request (GitLab: merge request) that this job runs for.</summary>
/// <param name="Number">From 1.</param>
/// <param name="HeadSha">The head's commit as the event says; null where it does not.</param>
/// <param name="BaseRef">The base branch's short name; null where unknown.</param>
/// <param name="IsFork">The head lies in another repository: nothing in it is trusted, and the token is read-only.</param>
public sealed record JobPullRequest(int Number, string? HeadSha, string? BaseRef, bool IsFork)
{
    /// <summary>The path of the repository in which the head lies; null where the job does not say.</summary>
    public string? HeadRepository { get; init; }
}
