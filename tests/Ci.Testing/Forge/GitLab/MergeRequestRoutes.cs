using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Merge requests, who approved them, and the heads that they had.</summary>
internal static class MergeRequestRoutes
{
    public static ApiAnswer List(GitLabCall call)
    {
        var state = call.Word("state", "all", "opened", "closed", "locked", "merged", "all");
        var ascending = call.Word("sort", "desc", "asc", "desc") == "asc";
        call.Word("order_by", "created_at", "created_at", "updated_at");
        var found = All(call)
            .Where(p => state == "all" || GitLabShapes.State(p) == state)
            .Where(p => call.Optional("source_branch") is not { } source || source == p.Head)
            .Where(p => call.Optional("target_branch") is not { } target || target == p.Base);
        var sorted = ascending ? found.OrderBy(p => p.Number) : found.OrderByDescending(p => p.Number);
        return call.Page([.. sorted.Select(p => GitLabShapes.MergeRequest(call.Forge, call.Project, p, whole: false))]);
    }

    public static ApiAnswer Create(GitLabCall call)
    {
        var project = call.Project;
        var (title, target, source) = (call.Required("title"), call.Required("target_branch"), call.Required("source_branch"));
        if (title.Length > 255)
            throw Invalid("Title is too long (maximum is 255 characters)");
        if (source == target)
            throw Invalid("You can't use same project/branch for source and target");
        if (project.Branch(target) is null)
            throw Invalid($"Target branch \"{target}\" does not exist");
        if (project.Branch(source) is null)
            throw Invalid($"Source branch \"{source}\" does not exist");
        if (project.PullList.Find(p => p.IsOpen && p.Head == source && p.Base == target) is { } there)
            throw GitLabProblem.Saying(409, new JsonArray($"Another open merge request already exists for this source branch: !{there.Number}"));

        var pull = new SimulatedPull
        {
            Number = ++project.LastNumber, Id = call.Forge.NextId(), Author = call.Login, Title = title,
            Body = call.Optional("description") ?? "", Head = source, Base = target, CreatedAt = call.Now, UpdatedAt = call.Now,
            IsDraft = title.StartsWith("Draft:", StringComparison.OrdinalIgnoreCase),
        };
        project.PullList.Add(pull);
        call.Forge.Refresh(project, pull);
        return ApiAnswer.Created(GitLabShapes.MergeRequest(call.Forge, project, pull, whole: true));

        // 422, as validation errors of merge requests are.
        static GitLabProblem Invalid(string message) => GitLabProblem.Saying(422, new JsonArray(message));
    }

    public static ApiAnswer Get(GitLabCall call)
    {
        var shape = GitLabShapes.MergeRequest(call.Forge, call.Project, call.Pull(), whole: true);
        if (call.Flag("include_rebase_in_progress"))
            shape["rebase_in_progress"] = false;
        return shape;
    }

    public static ApiAnswer Update(GitLabCall call)
    {
        var pull = call.Pull();
        var (title, body, state) = (call.Optional("title"), call.Optional("description"), call.Optional("state_event"));
        if (title is null && body is null && state is null && call.Optional("target_branch") is null)
            throw GitLabProblem.Error(400, "assignee_id, assignee_ids, description, state_event, target_branch, title are missing, at least one parameter must be provided");
        if (body is not null && body != pull.Body)
            call.Forge.Note(call.Project, pull, call.Login, "changed the description");
        (pull.Title, pull.Body, pull.UpdatedAt) = (title ?? pull.Title, body ?? pull.Body, call.Now);
        switch (call.Word("state_event", "", "close", "reopen"))
        {
            case "close" when pull.IsOpen:
                pull.IsOpen = false;
                call.Forge.Note(call.Project, pull, call.Login, "closed");
                break;
            case "reopen" when pull.MergedAt is null:
                pull.IsOpen = true;
                break;
        }

        call.Forge.Refresh(call.Project, pull);
        return GitLabShapes.MergeRequest(call.Forge, call.Project, pull, whole: true);
    }

    // Those that brought it: its head, what merging made, and everything between.
    public static ApiAnswer OfCommit(GitLabCall call)
    {
        var sha = call.Commit();
        return call.Page([.. All(call)
            .Where(p => p.HeadSha == sha || p.MergeCommitSha == sha || p.Versions.Exists(v => v.Sha == sha))
            .Select(p => GitLabShapes.MergeRequest(call.Forge, call.Project, p, whole: false))]);
    }

    public static ApiAnswer Approvals(GitLabCall call) => GitLabShapes.Approvals(call.Forge, call.Project, call.Pull(), call.Login);

    public static ApiAnswer ApproveIt(GitLabCall call)
    {
        var pull = call.Pull();
        if (call.Optional("sha") is { } sha && sha != pull.HeadSha)
            throw GitLabProblem.Saying(409, $"SHA does not match HEAD of source branch: {pull.HeadSha}");
        if (call.Login == pull.Author)
            throw GitLabProblem.Unauthorized();
        Approve(call.Forge, call.Project, pull, call.Login);
        return ApiAnswer.Created(GitLabShapes.Approvals(call.Forge, call.Project, pull, call.Login));
    }

    public static void Approve(GitLabSimulator forge, SimulatedRepository project, SimulatedPull pull, string login)
    {
        pull.Reviews.RemoveAll(r => r.Author == login);
        pull.Reviews.Add(new SimulatedReview(forge.NextId(), login, "APPROVED", pull.HeadSha, forge.Now()));
        forge.Note(project, pull, login, "approved this merge request");
    }

    public static ApiAnswer Reviewers(GitLabCall call) => call.Page([.. call.Pull().Reviews.Select(r => GitLabShapes.Reviewer(call.Forge, r))]);

    // Newest first, as GitLab lists them.
    public static ApiAnswer Versions(GitLabCall call)
    {
        var pull = call.Pull();
        return call.Page([.. pull.Versions.Select((v, i) => GitLabShapes.Version(pull, v, i)).Reverse()]);
    }

    private static List<SimulatedPull> All(GitLabCall call)
    {
        call.Project.PullList.ForEach(p => call.Forge.Refresh(call.Project, p));
        return call.Project.PullList;
    }
}
