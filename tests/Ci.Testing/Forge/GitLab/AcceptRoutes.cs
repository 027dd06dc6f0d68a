using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Merging and rebasing for real, under the project's settings and the branch's rules.</summary>
internal static class AcceptRoutes
{
    public static ApiAnswer Merge(GitLabCall call)
    {
        var (project, pull, state) = (call.Project, call.Pull(), call.Forge.StateOf(call.Project));
        if (project.Protections.ContainsKey(pull.Base) && call.Token!.Role < GitLabRole.Maintainer && !project.Protections[pull.Base].MayPush.Contains(call.Login))
            throw GitLabProblem.Unauthorized();
        var status = GitLabShapes.DetailedStatus(call.Forge, project, pull);
        // In this order GitLab looks: not open or not mergeable, then the head.
        if (status is not ("mergeable" or "conflict"))
            throw GitLabProblem.Saying(405, "405 Method Not Allowed");
        if (call.Optional("sha") is { } expected && expected != pull.HeadSha)
            throw GitLabProblem.Saying(409, $"SHA does not match HEAD of source branch: {pull.HeadSha}");
        if (status == "conflict")
            throw GitLabProblem.Saying(422, "Branch cannot be merged");

        var squash = call.Flag("squash") || state.SquashOption == "always";
        var made = Make(call, project, pull, state, squash) ?? throw GitLabProblem.Saying(422, "Branch cannot be merged");
        var moved = GitProcess.Try(project.Path, null, null, "update-ref", $"refs/heads/{pull.Base}", made, pull.BaseSha);
        if (moved.ExitCode != 0)
            throw GitLabProblem.Saying(422, "Branch cannot be merged");
        (pull.IsOpen, pull.MergedAt, pull.MergedBy, pull.UpdatedAt) = (false, call.Now, call.Login, call.Now);
        pull.MergeCommitSha = made == pull.HeadSha ? null : made;
        call.Forge.Note(project, pull, call.Login, "merged");
        return GitLabShapes.MergeRequest(call.Forge, project, pull, whole: true);
    }

    public static ApiAnswer Rebase(GitLabCall call)
    {
        var (project, pull) = (call.Project, call.Pull());
        if (!pull.IsOpen)
            throw GitLabProblem.Forbidden();
        if (PullMerging.Make(project, pull, "rebase", "", "", call.Login, call.Now) is { } rebased)
            project.Git("update-ref", $"refs/heads/{pull.Head}", rebased);
        call.Forge.Refresh(project, pull);
        return new ApiAnswer(202, new JsonObject { ["rebase_in_progress"] = true });
    }

    private static string? Make(GitLabCall call, SimulatedRepository project, SimulatedPull pull, GitLabProjectState state, bool squash)
    {
        if (squash)
            return PullMerging.Make(project, pull, "squash", call.Optional("squash_commit_message") ?? pull.Title, "", call.Login, call.Now);
        if (state.MergeMethod == "ff")
            return project.IsAncestor(pull.BaseSha, pull.HeadSha) ? pull.HeadSha : null;
        var title = call.Optional("merge_commit_message") ?? $"Merge branch '{pull.Head}' into '{pull.Base}'";
        return PullMerging.Make(project, pull, "merge", title, $"{pull.Title}\n\nSee merge request {project.Slug}!{pull.Number}", call.Login, call.Now);
    }
}
