using System.Collections.Concurrent;
using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>
/// Notes of merge requests, and notes of commits by their discussions: the commits API itself can neither change nor delete a comment.
/// What GitLab writes itself ("added 1 commit") is a note too and is left out.
/// </summary>
internal sealed class GitLabComments(GitLabApi api) : IComments
{
    private const string NeedsWrite = "the scope api and the role Reporter (a public project: Guest)";

    // A note of a commit is addressed by its discussion, which a comment's number does not tell.
    private readonly ConcurrentDictionary<long, string> discussions = new();
    private string? self;

    public int BodyLimit => 1_000_000;

    public async Task<IReadOnlyList<Comment>> ListAsync(CommentTarget target, CancellationToken ct = default)
    {
        var notes = target.PullRequest is { } number
            ? await api.ListAsync($"{MergeRequest(number)}/notes?sort=asc&order_by=created_at", GitLabJson.Default.GitLabNoteArray, $"list the notes of !{number}", ct)
            : await this.NotesOfCommitAsync(target, ct);
        return [.. notes.Where(n => !n.System).DistinctBy(n => n.Id).OrderBy(n => n.Id).Select(n => this.Of(target, n))];
    }

    public async Task<Comment> CreateAsync(CommentTarget target, string body, CancellationToken ct = default)
    {
        var path = target.PullRequest is { } number ? $"{MergeRequest(number)}/notes" : Discussions(target);
        var request = new ForgeRequest(HttpMethod.Post, path, $"comment on {Name(target)}") { Repeatable = false, Needs = NeedsWrite };
        if (target.PullRequest is not null)
            return this.Of(target, await api.WriteAsync(request, new NoteWrite(GitLabQuickActions.Quiet(body)), GitLabJson.Default.NoteWrite, GitLabJson.Default.GitLabNote, ct));
        var made = await api.WriteAsync(request, new NoteWrite(GitLabQuickActions.Quiet(body)), GitLabJson.Default.NoteWrite, GitLabJson.Default.GitLabDiscussion, ct);
        if (made.Notes.Length == 0)
            throw new ForgeException($"{api.Description}: cannot {request.What}: its answer holds no note; is the API's address right?");
        this.discussions[made.Notes[0].Id] = made.Id;
        return this.Of(target, made.Notes[0]);
    }

    public async Task<Comment> UpdateAsync(Comment comment, string body, CancellationToken ct = default)
    {
        var path = await this.SingleAsync(comment, ct)
            ?? throw new ForgeNotFoundException($"{api.Description}: cannot update note {comment.Id} of {Name(comment.Target)}: it is deleted");
        var request = new ForgeRequest(HttpMethod.Put, path, $"update note {comment.Id} of {Name(comment.Target)}") { Needs = NeedsWrite };
        return this.Of(comment.Target, await api.WriteAsync(request, new NoteWrite(GitLabQuickActions.Quiet(body)), GitLabJson.Default.NoteWrite, GitLabJson.Default.GitLabNote, ct));
    }

    public async Task DeleteAsync(Comment comment, CancellationToken ct = default)
    {
        if (await this.SingleAsync(comment, ct) is not { } path)
            return;
        var request = new ForgeRequest(HttpMethod.Delete, path, $"delete note {comment.Id} of {Name(comment.Target)}") { Needs = NeedsWrite };
        var answer = await api.TryAsync(request, ct);
        if (!answer.IsSuccess && answer.Status != 404)
            throw api.Problem(request, answer);
    }

    public async Task<string> SelfAsync(CancellationToken ct = default)
    {
        if (this.self is not null)
            return this.self;
        // A job token is nobody there, but it knows its job, and the job who started it.
        return this.self = api.Token.Kind == GitLabTokenKind.Job
            ? (await api.GetAsync("job", GitLabJson.Default.GitLabRunningJob, "ask whose the token is", ct)).User.Username
            : (await api.GetAsync("user", GitLabJson.Default.GitLabUser, "ask whose the token is", ct, "the scope api or read_user")).Username;
    }

    private async Task<List<GitLabNote>> NotesOfCommitAsync(CommentTarget target, CancellationToken ct)
    {
        var all = await api.ListAsync(Discussions(target), GitLabJson.Default.GitLabDiscussionArray, $"list the notes of {target}", ct);
        foreach (var discussion in all)
        {
            foreach (var note in discussion.Notes)
                this.discussions[note.Id] = discussion.Id;
        }

        return [.. all.SelectMany(d => d.Notes)];
    }

    // Null where the note is gone.
    private async Task<string?> SingleAsync(Comment comment, CancellationToken ct)
    {
        if (comment.Target.PullRequest is { } number)
            return $"{MergeRequest(number)}/notes/{comment.Id}";
        if (!this.discussions.ContainsKey(comment.Id))
            await this.NotesOfCommitAsync(comment.Target, ct);
        return this.discussions.TryGetValue(comment.Id, out var discussion)
            ? $"{Discussions(comment.Target)}/{Uri.EscapeDataString(discussion)}/notes/{comment.Id}"
            : null;
    }

    private string MergeRequest(int number) => $"{api.Root}/merge_requests/{number}";

    private string Discussions(CommentTarget target) => $"{api.Root}/repository/commits/{Uri.EscapeDataString(target.Commit!)}/discussions";

    private static string Name(CommentTarget target) => target.PullRequest is { } number ? $"!{number}" : target.ToString();

    // Notes bear no address of their own; a deleted account's have no author.
    private Comment Of(CommentTarget target, GitLabNote note)
    {
        var page = target.PullRequest is { } number ? $"merge_requests/{number}" : $"commit/{target.Commit}";
        return new(target, note.Id, note.Author?.Username ?? "ghost", note.Body ?? "", new Uri($"{api.ServerUrl}/{api.Path}/-/{page}#note_{note.Id}"));
    }
}
