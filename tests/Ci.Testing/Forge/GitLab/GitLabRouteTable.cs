using static Ci.Testing.Forge.GitLabRole;

namespace Ci.Testing.Forge;

/// <summary>Every address of GitLab's API that the simulator knows, one line each; all others are 404.</summary>
internal static class GitLabRouteTable
{
    private const string P = "/projects/{id}";
    private const string M = P + "/merge_requests";
    private const string Notes = M + "/{iid}/notes";
    private const string C = P + "/repository/commits/{sha}";
    private const string Thread = C + "/discussions/{discussion}/notes/{note}";
    private const string Pages = "page per_page";

    public static IReadOnlyList<GitLabRoute> All { get; } =
    [
        new("GET", "/user", "", None, false, ProjectRoutes.User),
        new("GET", "/job", "", None, true, ProjectRoutes.Job),
        new("GET", P, "", Guest, false, ProjectRoutes.Get),
        new("GET", P + "/repository/branches", Pages + " search", Guest, true, ProjectRoutes.Branches),
        new("GET", Notes, Pages + " sort order_by", Guest, true, NoteRoutes.List),
        new("POST", Notes, "body created_at", Guest, false, NoteRoutes.Create),
        new("GET", Notes + "/{note}", "", Guest, true, NoteRoutes.Get),
        new("PUT", Notes + "/{note}", "body", Guest, false, NoteRoutes.Update),
        new("DELETE", Notes + "/{note}", "", Guest, false, NoteRoutes.Delete),
        new("GET", C + "/discussions", Pages, Guest, false, DiscussionRoutes.List),
        new("POST", C + "/discussions", "body created_at", Guest, false, DiscussionRoutes.Create),
        new("PUT", Thread, "body", Guest, false, DiscussionRoutes.Update),
        new("DELETE", Thread, "", Guest, false, DiscussionRoutes.Delete),
        new("GET", M, Pages + " state order_by sort source_branch target_branch", Guest, true, MergeRequestRoutes.List),
        new("POST", M, "source_branch target_branch title description squash remove_source_branch", Developer, false, MergeRequestRoutes.Create),
        new("GET", M + "/{iid}", "include_rebase_in_progress", Guest, true, MergeRequestRoutes.Get),
        new("PUT", M + "/{iid}", "title description state_event target_branch", Developer, false, MergeRequestRoutes.Update),
        new("PUT", M + "/{iid}/merge", "sha squash merge_commit_message squash_commit_message", Developer, false, AcceptRoutes.Merge),
        new("PUT", M + "/{iid}/rebase", "skip_ci", Developer, false, AcceptRoutes.Rebase),
        new("POST", M + "/{iid}/pipelines", "", Developer, false, PipelineRoutes.CreateOfMergeRequest),
        new("GET", M + "/{iid}/approvals", "", Guest, false, MergeRequestRoutes.Approvals),
        new("POST", M + "/{iid}/approve", "sha", Developer, false, MergeRequestRoutes.ApproveIt),
        new("GET", M + "/{iid}/reviewers", Pages, Guest, false, MergeRequestRoutes.Reviewers),
        new("GET", M + "/{iid}/versions", Pages, Guest, false, MergeRequestRoutes.Versions),
        new("GET", C + "/merge_requests", Pages, Guest, true, MergeRequestRoutes.OfCommit),
        new("GET", C + "/statuses", Pages + " name ref stage all pipeline_id", Reporter, false, StatusRoutes.List),
        new("POST", P + "/statuses/{sha}", "state name context description target_url ref pipeline_id coverage", Developer, false, StatusRoutes.Set),
        new("GET", P + "/uploads", Pages, Maintainer, false, UploadRoutes.List),
        new("POST", P + "/uploads", "", Guest, false, UploadRoutes.Create),
        new("DELETE", P + "/uploads/{upload}", "", Maintainer, false, UploadRoutes.Delete),
        new("GET", P + "/pipelines", Pages + " sha ref order_by sort source status", Reporter, false, PipelineRoutes.List),
        new("POST", P + "/pipeline", "ref variables", Developer, false, PipelineRoutes.Create),
        new("POST", P + "/trigger/pipeline", "ref token variables", Developer, true, PipelineRoutes.Trigger),
        new("GET", P + "/pipelines/{pipeline}", "", Reporter, false, PipelineRoutes.Get),
        new("POST", P + "/pipelines/{pipeline}/retry", "", Developer, false, PipelineRoutes.Retry),
    ];
}
