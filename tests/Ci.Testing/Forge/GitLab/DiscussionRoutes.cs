namespace Ci.Testing.Forge;

/// <summary>Discussions of commits: a note of a commit is changed and deleted by way of its discussion alone.</summary>
internal static class DiscussionRoutes
{
    public static ApiAnswer List(GitLabCall call)
    {
        var sha = call.Commit();
        var all = call.Project.CommentList.FindAll(c => c.Commit == sha).GroupBy(c => c.Discussion).OrderBy(g => g.First().Id);
        return call.Page([.. all.Select(g => GitLabShapes.Discussion(call.Project, g))]);
    }

    public static ApiAnswer Create(GitLabCall call)
    {
        var id = call.Forge.NextId();
        var note = new SimulatedComment
        {
            Id = id, Author = call.Login, Commit = call.Commit(), Body = NoteRoutes.Body(call), CreatedAt = call.Now, UpdatedAt = call.Now,
            Discussion = GitLabShapes.HexOf($"discussion {id}", 40),
        };
        call.Project.CommentList.Add(note);
        return ApiAnswer.Created(GitLabShapes.Discussion(call.Project, [note]));
    }

    public static ApiAnswer Update(GitLabCall call)
    {
        var note = NoteRoutes.Writable(call, Find(call));
        (note.Body, note.UpdatedAt) = (NoteRoutes.Body(call), call.Now);
        return GitLabShapes.Note(call.Project, note, null);
    }

    public static ApiAnswer Delete(GitLabCall call)
    {
        call.Project.CommentList.Remove(NoteRoutes.Writable(call, Find(call)));
        return ApiAnswer.Nothing;
    }

    private static SimulatedComment Find(GitLabCall call)
    {
        var sha = call.Commit();
        return call.Project.CommentList.Find(c => c.Commit == sha && c.Discussion == call.Route("discussion") && c.Id == call.RouteNumber("note"))
            ?? throw GitLabProblem.NotFound("Note");
    }
}
