using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Notes of merge requests, the system's among them.</summary>
internal static class NoteRoutes
{
    private const int BodyLimit = 1_000_000;

    public static ApiAnswer List(GitLabCall call)
    {
        var pull = call.Pull();
        var ascending = call.Word("sort", "desc", "asc", "desc") == "asc";
        var byChange = call.Word("order_by", "created_at", "created_at", "updated_at") == "updated_at";
        var notes = call.Project.CommentList.FindAll(c => c.PullRequest == pull.Number)
            .OrderBy(c => byChange ? c.UpdatedAt : c.CreatedAt).ThenBy(c => c.Id).ToList();
        if (!ascending)
            notes.Reverse();
        return call.Page([.. notes.Select(n => GitLabShapes.Note(call.Project, n, pull))]);
    }

    public static ApiAnswer Create(GitLabCall call)
    {
        var pull = call.Pull();
        var body = Body(call);
        // A quick action is carried out, and is no text.
        if (body.Split('\n').Contains("/close", StringComparer.Ordinal))
            (pull.IsOpen, body) = (false, string.Join('\n', body.Split('\n').Where(l => l != "/close")));
        var note = new SimulatedComment
        {
            Id = call.Forge.NextId(), Author = call.Login, PullRequest = pull.Number, Body = body, CreatedAt = call.Now, UpdatedAt = call.Now,
        };
        call.Project.CommentList.Add(note);
        return ApiAnswer.Created(GitLabShapes.Note(call.Project, note, pull));
    }

    public static ApiAnswer Get(GitLabCall call) => GitLabShapes.Note(call.Project, Find(call), call.Pull());

    public static ApiAnswer Update(GitLabCall call)
    {
        var note = Writable(call, Find(call));
        (note.Body, note.UpdatedAt) = (Body(call), call.Now);
        return GitLabShapes.Note(call.Project, note, call.Pull());
    }

    public static ApiAnswer Delete(GitLabCall call)
    {
        call.Project.CommentList.Remove(Writable(call, Find(call)));
        return ApiAnswer.Nothing;
    }

    /// <summary>Authors change their own notes, maintainers everyone's; that is what makes overwriting a human's possible.</summary>
    public static SimulatedComment Writable(GitLabCall call, SimulatedComment note) =>
        !note.IsSystem && (note.Author == call.Login || call.Token!.Role >= GitLabRole.Maintainer) ? note : throw GitLabProblem.Forbidden();

    public static string Body(GitLabCall call)
    {
        var body = call.Required("body");
        return body switch
        {
            _ when string.IsNullOrWhiteSpace(body) => throw GitLabProblem.Saying(400, new JsonObject { ["note"] = new JsonArray("can't be blank") }),
            { Length: > BodyLimit } => throw GitLabProblem.Saying(400, $"400 Bad request - Note {{:note=>[\"is too long (maximum is {BodyLimit} characters)\"]}}"),
            _ => body,
        };
    }

    private static SimulatedComment Find(GitLabCall call)
    {
        var pull = call.Pull();
        return call.Project.CommentList.Find(c => c.Id == call.RouteNumber("note") && c.PullRequest == pull.Number) ?? throw GitLabProblem.NotFound("Note");
    }
}
