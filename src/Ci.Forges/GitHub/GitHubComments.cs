using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Comments of pull requests (issue comments) and of commits.</summary>
internal sealed class GitHubComments(GitHubApi api) : IComments
{
    /// <summary>Validated against GitHub's schema by the tests.</summary>
    public const string WhoQuery = "query { viewer { login } }";

    private readonly GitHubThread thread = new(api);
    private string? self;

    public int BodyLimit => 65_536;

    public bool IncludesIssues => true;

    public async Task<IReadOnlyList<Comment>> ListAsync(CommentTarget target, CancellationToken ct = default)
    {
        if (target.PullRequest is { } number && await this.thread.ListAsync(target, number, ct) is { } known)
            return [.. known.OrderBy(c => c.Id)];
        var comments = await api.ListAsync(Thread(target), GitHubJson.Default.GitHubCommentArray, c => c, $"list the comments of {target}", ct);
        return [.. comments.OrderBy(c => c.Id).Select(c => Of(target, c))];
    }

    public async Task<Comment> CreateAsync(CommentTarget target, string body, CancellationToken ct = default)
    {
        var request = new ForgeRequest(HttpMethod.Post, Thread(target), $"comment on {target}") { Repeatable = false, Needs = Needs(target) };
        return Of(target, await api.WriteAsync(request, new BodyRequest(body), GitHubJson.Default.BodyRequest, GitHubJson.Default.GitHubComment, ct));
    }

    public async Task<Comment> UpdateAsync(Comment comment, string body, CancellationToken ct = default)
    {
        var request = new ForgeRequest(HttpMethod.Patch, Single(comment), $"update comment {comment.Id} of {comment.Target}") { Needs = Needs(comment.Target) };
        return Of(comment.Target, await api.WriteAsync(request, new BodyRequest(body), GitHubJson.Default.BodyRequest, GitHubJson.Default.GitHubComment, ct));
    }

    public async Task DeleteAsync(Comment comment, CancellationToken ct = default)
    {
        var request = new ForgeRequest(HttpMethod.Delete, Single(comment), $"delete comment {comment.Id} of {comment.Target}") { Needs = Needs(comment.Target) };
        var answer = await api.TryAsync(request, ct);
        if (!answer.IsSuccess && answer.Status != 404)
            throw api.Problem(request, answer);
    }

    public async Task<string> SelfAsync(CancellationToken ct = default)
    {
        if (this.self is not null)
            return this.self;
        var request = new ForgeRequest(HttpMethod.Get, "user", "ask whose the token is");
        if (!api.IsInstallation)
        {
            var answer = await api.TryAsync(request, ct);
            if (answer.IsSuccess)
                return this.self = api.Read(answer, GitHubJson.Default.GitHubUser, request).Login;
            if (answer.Status != 403)
                throw api.Problem(request, answer);
        }

        // Installation tokens, as jobs get them, are refused there; the other API tells them who they are.
        request = new ForgeRequest(HttpMethod.Post, api.GraphQl, "ask whose the token is");
        var viewer = await api.WriteAsync(
            request, new GraphQlRequest(WhoQuery), GitHubJson.Default.GraphQlRequest, GitHubJson.Default.GraphQlViewerAnswer, ct);
        return this.self = viewer.Data?.Viewer.Login ?? throw new ForgeException($"{api.Description}: cannot ask whose the token is: no viewer in the answer");
    }

    private string Thread(CommentTarget target) => target.PullRequest is { } number
        ? $"{api.Root}/issues/{number}/comments"
        : $"{api.Root}/commits/{Uri.EscapeDataString(target.Commit!)}/comments";

    private string Single(Comment comment) => comment.Target.PullRequest is not null
        ? $"{api.Root}/issues/comments/{comment.Id}"
        : $"{api.Root}/comments/{comment.Id}";

    private static string Needs(CommentTarget target) => target.PullRequest is not null ? "pull-requests: write" : "contents: write";

    // A deleted account's comments have no user.
    private static Comment Of(CommentTarget target, GitHubComment comment) =>
        new(target, comment.Id, comment.User?.Login ?? "ghost", comment.Body ?? "", comment.HtmlUrl);
}
