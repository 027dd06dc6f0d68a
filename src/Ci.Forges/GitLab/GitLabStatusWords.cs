namespace Ci.Forges.GitLab;

/// <summary>GitLab's words for statuses. https://docs.gitlab.com/api/commits/#set-commit-pipeline-status</summary>
internal static class GitLabStatusWords
{
    // What must not stop a merge is a success; what waits for a person must, and GitLab's "manual" would let it pass.
    public static string Word(CheckRun check) => (check.Status, check.Conclusion) switch
    {
        (CheckStatus.Queued, _) => "pending",
        (CheckStatus.InProgress, _) => "running",
        (_, CheckConclusion.Success or CheckConclusion.Neutral or CheckConclusion.Skipped) => "success",
        (_, CheckConclusion.Cancelled) => "canceled",
        _ => "failed",
    };

    public static CheckRun Of(GitLabStatus status, string sha) => new()
    {
        Name = status.Name,
        HeadSha = sha,
        Status = status.Status switch
        {
            "success" or "failed" or "canceled" or "skipped" => CheckStatus.Completed,
            "running" or "canceling" => CheckStatus.InProgress,
            _ => CheckStatus.Queued,
        },
        Conclusion = status.Status switch
        {
            "success" => CheckConclusion.Success,
            "failed" => CheckConclusion.Failure,
            "canceled" => CheckConclusion.Cancelled,
            "skipped" => CheckConclusion.Skipped,
            _ => null,
        },
        Title = status.Description ?? "",
        DetailsUrl = Uri.TryCreate(status.TargetUrl, UriKind.Absolute, out var url) ? url : null,
    };
}
