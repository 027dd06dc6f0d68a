using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>A merge request as GitLab shows it: in a list, or alone with more.</summary>
internal static class GitLabMergeRequestShape
{
    public static JsonObject Of(GitLabSimulator forge, SimulatedRepository project, SimulatedPull pull, bool whole)
    {
        var id = GitLabShapes.StableId(project.Slug);
        var merged = pull.MergedAt is not null;
        var shape = new JsonObject
        {
            ["id"] = pull.Id,
            ["iid"] = pull.Number,
            ["project_id"] = id,
            ["title"] = pull.Title,
            ["description"] = pull.Body,
            ["state"] = GitLabShapes.State(pull),
            ["imported"] = false,
            ["imported_from"] = "none",
            ["created_at"] = GitLabShapes.Time(pull.CreatedAt),
            ["updated_at"] = GitLabShapes.Time(pull.UpdatedAt),
            ["merged_by"] = pull.MergedBy is { } by ? GitLabShapes.User(forge, by) : null,
            ["merge_user"] = pull.MergedBy is { } user ? GitLabShapes.User(forge, user) : null,
            ["merged_at"] = pull.MergedAt is { } at ? GitLabShapes.Time(at) : null,
            ["merge_after"] = null,
            ["prepared_at"] = GitLabShapes.Time(pull.CreatedAt),
            ["closed_by"] = null,
            ["closed_at"] = null,
            ["target_branch"] = pull.Base,
            ["source_branch"] = pull.Head,
            ["user_notes_count"] = project.CommentList.Count(c => c.PullRequest == pull.Number && !c.IsSystem),
            ["upvotes"] = 0,
            ["downvotes"] = 0,
            ["author"] = GitLabShapes.User(forge, pull.Author),
            ["assignees"] = new JsonArray(),
            ["assignee"] = null,
            ["reviewers"] = new JsonArray(),
            ["source_project_id"] = pull.ForkOf is { } fork ? GitLabShapes.StableId(fork) : id,
            ["target_project_id"] = id,
            ["labels"] = new JsonArray(),
            ["draft"] = pull.IsDraft,
            ["work_in_progress"] = pull.IsDraft,
            ["milestone"] = null,
            ["merge_when_pipeline_succeeds"] = false,
            ["merge_status"] = pull.Mergeable switch { null => "checking", true => "can_be_merged", false => "cannot_be_merged" },
            ["detailed_merge_status"] = GitLabShapes.DetailedStatus(forge, project, pull),
            ["sha"] = pull.HeadSha,
            ["merge_commit_sha"] = merged ? pull.MergeCommitSha : null,
            ["squash_commit_sha"] = null,
            ["discussion_locked"] = null,
            ["should_remove_source_branch"] = null,
            ["force_remove_source_branch"] = false,
            ["reference"] = $"!{pull.Number}",
            ["references"] = new JsonObject { ["short"] = $"!{pull.Number}", ["relative"] = $"!{pull.Number}", ["full"] = $"{project.Slug}!{pull.Number}" },
            ["web_url"] = $"{forge.ServerUrl.AbsoluteUri}{project.Slug}/-/merge_requests/{pull.Number}",
            ["time_stats"] = new JsonObject { ["time_estimate"] = 0, ["total_time_spent"] = 0, ["human_time_estimate"] = null, ["human_total_time_spent"] = null },
            ["squash"] = false,
            ["task_completion_status"] = new JsonObject { ["count"] = 0, ["completed_count"] = 0 },
            ["has_conflicts"] = pull.Mergeable == false,
            ["blocking_discussions_resolved"] = true,
        };
        return whole ? Whole(forge, project, pull, shape) : shape;
    }

    private static JsonObject Whole(GitLabSimulator forge, SimulatedRepository project, SimulatedPull pull, JsonObject shape)
    {
        var pipeline = forge.StateOf(project).Pipelines.FindLast(p => p.Sha == pull.HeadSha);
        shape["subscribed"] = true;
        shape["changes_count"] = "1";
        shape["latest_build_started_at"] = null;
        shape["latest_build_finished_at"] = null;
        shape["first_deployed_to_production_at"] = null;
        shape["pipeline"] = pipeline is null ? null : GitLabShapes.Pipeline(forge, project, pipeline, whole: false);
        shape["head_pipeline"] = pipeline is null ? null : GitLabShapes.Pipeline(forge, project, pipeline, whole: true);
        shape["diff_refs"] = new JsonObject { ["base_sha"] = pull.BaseSha, ["head_sha"] = pull.HeadSha, ["start_sha"] = pull.BaseSha };
        shape["merge_error"] = null;
        shape["first_contribution"] = false;
        shape["user"] = new JsonObject { ["can_merge"] = true };
        return shape;
    }
}
