namespace Ci.Forges;

/// <summary>A pull request (GitLab: merge request) as the forge has it.</summary>
public sealed record PullRequest
{
    public required int Number { get; init; }

    public required string Title { get; init; }

    public string Body { get; init; } = "";

    public required PullRequestState State { get; init; }

    public required string HeadBranch { get; init; }

    public required string HeadSha { get; init; }

    public required string BaseBranch { get; init; }

    /// <summary>The base branch's commit; null where the vendor does not say.</summary>
    public string? BaseSha { get; init; }

    /// <summary>The commit that merging made; null unless <see cref="PullRequestState.Merged"/>.</summary>
    public string? MergeCommitSha { get; init; }

    /// <summary>Null where the forge has not found out yet.</summary>
    public bool? Mergeable { get; init; }

    public required string Author { get; init; }

    /// <summary>The head lies in another repository: nothing in it is trusted.</summary>
    public bool IsFork { get; init; }

    /// <summary>Where the head lies ("owner/name"); null where the vendor does not say, or that repository is deleted.</summary>
    public string? HeadRepository { get; init; }

    public required Uri Url { get; init; }
}
