using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Pull requests and their reviews.</summary>
internal static class PullRoutes
{
    public static ApiAnswer List(ApiCall call)
    {
        call.Need(Access.Read, Area.PullRequests);
        var state = call.Query("state") ?? "open";
        if (state is not ("open" or "closed" or "all"))
            throw ApiProblem.Invalid("PullRequest", "state", "state must be one of open, closed, all", "invalid");
        // GitHub filters by head only where it is written owner:branch, and ignores it otherwise: a classic trap, kept here.
        var head = call.Query("head") is { } text && text.Contains(':', StringComparison.Ordinal) ? text.Split(':', 2) : null;
        var pulls = All(call)
            .Where(p => state == "all" || p.IsOpen == (state == "open"))
            .Where(p => head is null || (head[0] == call.Repository.Owner && head[1] == p.Head))
            .Where(p => call.Query("base") is not { } b || b == p.Base);
        var ascending = call.Query("direction") == "asc";
        var sorted = ascending ? pulls.OrderBy(p => p.Number) : pulls.OrderByDescending(p => p.Number);
        return call.Page([.. sorted.Select(p => ApiShapes.Pull(call.Forge, call.Repository, p, whole: false))]);
    }

    public static ApiAnswer Create(ApiCall call)
    {
        call.Need(Access.Write, Area.PullRequests);
        var repository = call.Repository;
        var (title, @base, head) = (call.Text("title"), call.Text("base"), call.Text("head"));
        if (head.StartsWith(repository.Owner + ":", StringComparison.Ordinal))
            head = head[(repository.Owner.Length + 1)..];
        if (title.Length is 0 or > 256)
            throw ApiProblem.Invalid("PullRequest", "title", "title must be 1 to 256 characters");
        if (repository.Branch(@base) is not { } baseSha)
            throw ApiProblem.Invalid("PullRequest", "base", "base is invalid", "invalid");
        if (repository.Branch(head) is not { } headSha)
            throw ApiProblem.Invalid("PullRequest", "head", "head is invalid", "invalid");
        if (repository.PullList.Exists(p => p.IsOpen && p.Head == head && p.Base == @base))
            throw ApiProblem.Invalid("PullRequest", "head", $"A pull request already exists for {repository.Owner}:{head}.");
        if (repository.IsAncestor(headSha, baseSha))
            throw ApiProblem.Invalid("PullRequest", "head", $"No commits between {@base} and {head}");

        var pull = new SimulatedPull
        {
            Number = ++repository.LastNumber, Id = call.Forge.NextId(), Author = call.Login, Title = title,
            Body = call.OptionalText("body") ?? "", Head = head, Base = @base, CreatedAt = call.Now, UpdatedAt = call.Now,
            IsDraft = call.Body["draft"]?.GetValue<bool>() ?? false,
        };
        repository.PullList.Add(pull);
        PullMerging.Refresh(repository, pull, call.Now, call.Forge.Faults.MergeabilityComesLate);
        return ApiAnswer.Created(ApiShapes.Pull(call.Forge, repository, pull, whole: true));
    }

    public static ApiAnswer Get(ApiCall call)
    {
        call.Need(Access.Read, Area.PullRequests);
        return ApiShapes.Pull(call.Forge, call.Repository, call.Pull(), whole: true);
    }

    public static ApiAnswer Update(ApiCall call)
    {
        call.Need(Access.Write, Area.PullRequests);
        var pull = call.Pull();
        pull.Title = call.OptionalText("title") ?? pull.Title;
        pull.Body = call.OptionalText("body") ?? pull.Body;
        if (call.OptionalText("base") is { } @base)
            pull.Base = call.Repository.Branch(@base) is not null ? @base : throw ApiProblem.Invalid("PullRequest", "base", "base is invalid", "invalid");
        switch (call.OptionalText("state"))
        {
            case "closed":
                pull.IsOpen = false;
                break;
            case "open" when pull.MergedAt is not null:
                throw ApiProblem.Invalid("PullRequest", "state", "state cannot be changed. The pull request cannot be reopened.", "invalid");
            case "open":
                pull.IsOpen = true;
                break;
        }

        pull.UpdatedAt = call.Now;
        PullMerging.Refresh(call.Repository, pull, call.Now, call.Forge.Faults.MergeabilityComesLate);
        return ApiShapes.Pull(call.Forge, call.Repository, pull, whole: true);
    }

    public static ApiAnswer OfCommit(ApiCall call)
    {
        call.Need(Access.Read, Area.PullRequests);
        var sha = call.Repository.Resolve(call.Route("sha")) ?? throw new ApiProblem(422, $"No commit found for SHA: {call.Route("sha")}");
        return call.Page([.. All(call)
            .Where(p => p.HeadSha == sha || (p.MergedAt is not null && p.MergeCommitSha == sha))
            .Select(p => ApiShapes.Pull(call.Forge, call.Repository, p, whole: false))]);
    }

    public static ApiAnswer Reviews(ApiCall call)
    {
        call.Need(Access.Read, Area.PullRequests);
        return call.Page([.. call.Pull().Reviews.Select(Shape)]);
    }

    public static ApiAnswer Review(ApiCall call)
    {
        call.Need(Access.Write, Area.PullRequests);
        var pull = call.Pull();
        var (word, state) = call.Text("event") switch
        {
            "APPROVE" => ("approve", "APPROVED"),
            "REQUEST_CHANGES" => ("request changes on", "CHANGES_REQUESTED"),
            "COMMENT" => ("comment on", "COMMENTED"),
            _ => throw ApiProblem.Invalid("PullRequestReview", "event", "event must be APPROVE, REQUEST_CHANGES or COMMENT", "invalid"),
        };
        if (state != "COMMENTED" && call.Login == pull.Author)
            throw new ApiProblem(422, "Unprocessable Entity", [$"Review Can not {word} your own pull request"]);
        var review = new SimulatedReview(call.Forge.NextId(), call.Login, state, call.OptionalText("commit_id") ?? pull.HeadSha, call.Now);
        pull.Reviews.Add(review);
        return Shape(review);
    }

    private static JsonObject Shape(SimulatedReview review) => GitHubShapes.Of("pull-request-review", new()
    {
        ["id"] = review.Id,
        ["user"] = ApiShapes.User(review.Author),
        ["state"] = review.State,
        ["commit_id"] = review.CommitSha,
        ["submitted_at"] = ApiShapes.Time(review.SubmittedAt),
        ["body"] = "",
    });

    private static List<SimulatedPull> All(ApiCall call)
    {
        foreach (var pull in call.Repository.PullList)
            PullMerging.Refresh(call.Repository, pull, call.Now, call.Forge.Faults.MergeabilityComesLate);
        return call.Repository.PullList;
    }
}
