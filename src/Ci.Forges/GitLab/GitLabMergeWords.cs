namespace Ci.Forges.GitLab;

/// <summary>What <c>detailed_merge_status</c> means. https://docs.gitlab.com/api/merge_requests/#merge-status</summary>
internal static class GitLabMergeWords
{
    public static string Of(string status) => status switch
    {
        "ci_must_pass" => "a pipeline of its head must succeed first, our statuses among its jobs",
        "ci_still_running" => "a pipeline of its head is still running",
        "not_approved" => "approvals are missing",
        "requested_changes" => "a reviewer asked for changes",
        "draft_status" => "it is a draft",
        "not_open" => "it is not open",
        "discussions_not_resolved" => "a discussion is not resolved",
        "need_rebase" => "its branch must be rebased first",
        "commits_status" => "its branch is gone or has no commits of its own",
        "merge_request_blocked" => "another merge request blocks it",
        "status_checks_must_pass" => "an external status check must pass first",
        "locked_paths" or "locked_lfs_files" => "somebody locked files that it changes",
        "security_policy_violations" or "policies_denied" => "a policy of the project denies it",
        "title_regex" => "its title has not the form that the project asks for",
        "merge_time" => "it may not be merged at this time yet",
        _ => "GitLab does not merge it as it stands",
    };
}
