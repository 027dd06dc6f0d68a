using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Comments on pull requests and on commits.</summary>
internal static class CommentRoutes
{
    private const int BodyLimit = 65_536;

    public static ApiAnswer ListOfPull(ApiCall call)
    {
        call.Need(Access.Read, Area.Issues, Area.PullRequests);
        var pull = call.Pull();
        return call.Page(Shapes(call, c => c.PullRequest == pull.Number));
    }

    public static ApiAnswer CreateOnPull(ApiCall call)
    {
        call.Need(Access.Write, Area.Issues, Area.PullRequests);
        var pull = call.Pull();
        return Add(call, pull.Number, null);
    }

    public static ApiAnswer ListOfCommit(ApiCall call)
    {
        call.Need(Access.Read, Area.Contents);
        var sha = Commit(call);
        return call.Page(Shapes(call, c => c.Commit == sha));
    }

    public static ApiAnswer CreateOnCommit(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        return Add(call, null, Commit(call));
    }

    public static ApiAnswer Get(ApiCall call, bool onCommit)
    {
        call.Need(Access.Read, Area.Issues, Area.PullRequests);
        return ApiShapes.Comment(call.Forge, call.Repository, Find(call, onCommit));
    }

    public static ApiAnswer Update(ApiCall call, bool onCommit)
    {
        var comment = Writable(call, onCommit);
        comment.Body = Body(call);
        comment.UpdatedAt = call.Now;
        return ApiShapes.Comment(call.Forge, call.Repository, comment);
    }

    public static ApiAnswer Delete(ApiCall call, bool onCommit)
    {
        call.Repository.CommentList.Remove(Writable(call, onCommit));
        return ApiAnswer.Nothing;
    }

    // Whoever may write in a repository may edit everyone's comments on GitHub; that is what makes overwriting a human's possible.
    private static SimulatedComment Writable(ApiCall call, bool onCommit)
    {
        if (onCommit)
            call.Need(Access.Write, Area.Contents);
        else
            call.Need(Access.Write, Area.Issues, Area.PullRequests);
        return Find(call, onCommit);
    }

    private static SimulatedComment Find(ApiCall call, bool onCommit) =>
        call.Repository.CommentList.Find(c => c.Id == call.RouteNumber("id") && (c.Commit is not null) == onCommit) ?? throw ApiProblem.NotFound();

    private static ApiAnswer Add(ApiCall call, int? pull, string? commit)
    {
        var comment = new SimulatedComment
        {
            Id = call.Forge.NextId(), Author = call.Login, PullRequest = pull, Commit = commit,
            Body = Body(call), CreatedAt = call.Now, UpdatedAt = call.Now,
        };
        call.Repository.CommentList.Add(comment);
        return ApiAnswer.Created(ApiShapes.Comment(call.Forge, call.Repository, comment));
    }

    private static string Body(ApiCall call)
    {
        var body = call.Text("body");
        return body switch
        {
            _ when string.IsNullOrWhiteSpace(body) => throw ApiProblem.Invalid("IssueComment", "body", "body can't be blank", "missing_field"),
            { Length: > BodyLimit } => throw ApiProblem.Invalid("IssueComment", "body", $"body is too long (maximum is {BodyLimit} characters)"),
            _ => body,
        };
    }

    private static string Commit(ApiCall call) => call.Repository.Resolve(call.Route("sha"))
        ?? throw new ApiProblem(422, $"No commit found for SHA: {call.Route("sha")}");

    private static List<JsonNode> Shapes(ApiCall call, Predicate<SimulatedComment> which) =>
        [.. call.Repository.CommentList.FindAll(which).OrderBy(c => c.Id).Select(c => ApiShapes.Comment(call.Forge, call.Repository, c))];
}
