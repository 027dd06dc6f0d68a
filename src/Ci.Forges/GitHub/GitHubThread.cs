using System.Globalization;
using System.Text.Json;
using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>
/// The comments of a pull request by one query that also says which are ours: the other API knows no such thing, and asking it whose the
/// token is costs one or two calls more.
/// </summary>
internal sealed class GitHubThread(GitHubApi api)
{
    /// <summary>Validated against GitHub's schema by the tests.</summary>
    public const string Query =
        "query($owner:String!,$name:String!,$number:Int!,$after:String){repository(owner:$owner,name:$name){issueOrPullRequest(number:$number){"
        + "...on PullRequest{comments(first:100,after:$after){...page}}...on Issue{comments(first:100,after:$after){...page}}}}}"
        + "fragment page on IssueCommentConnection{nodes{body url viewerDidAuthor author{login __typename}}pageInfo{hasNextPage endCursor}}";

    private const string IdMark = "#issuecomment-";

    // What imitates GitHub need not have this API.
    private bool isAbsent = !api.HasToken;

    /// <summary>Null where this token or forge must be asked the other way.</summary>
    /// <exception cref="ForgeNotFoundException">No such pull request.</exception>
    public async Task<List<Comment>?> ListAsync(CommentTarget target, int number, CancellationToken ct)
    {
        var all = new List<Comment>();
        string? after = null;
        while (!this.isAbsent)
        {
            if (await this.PageAsync(target, number, after, ct) is not { } page || !TryAdd(page, target, all))
            {
                this.isAbsent = true;
                break;
            }

            if (!page.Page.HasNextPage || page.Page.EndCursor is null || page.Page.EndCursor == after)
                return all;
            after = page.Page.EndCursor;
        }

        return null;
    }

    private async Task<GraphQlComments?> PageAsync(CommentTarget target, int number, string? after, CancellationToken ct)
    {
        var request = new ForgeRequest(HttpMethod.Post, api.GraphQl, $"list the comments of {target}");
        var variables = new GraphQlVariables(api.Owner, api.Name, number, after);
        var answer = await api.TryAsync(request, new GraphQlRequest(Query, variables), GitHubJson.Default.GraphQlRequest, ct);
        if (answer.Status == 401)
            throw api.Problem(request, answer);
        if (!answer.IsSuccess || Read(answer) is not { } read)
            return null;
        if (read.Errors?.FirstOrDefault(e => e.Type == "NOT_FOUND") is { } absent)
        {
            throw new ForgeNotFoundException(
                $"{api.Description}: cannot {request.What}: not found ({absent.Message}); it may be deleted, or the token may not see it");
        }

        return read.Errors is { Length: > 0 } ? null : read.Data?.Repository?.Thread?.Comments;
    }

    private static GraphQlCommentsAnswer? Read(ForgeAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, GitHubJson.Default.GraphQlCommentsAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Numbers of comments have outgrown this API's integers; their addresses always end with them.
    private static bool TryAdd(GraphQlComments page, CommentTarget target, List<Comment> all)
    {
        foreach (var node in page.Nodes)
        {
            if (node is null)
                continue;
            var at = node.Url.OriginalString.LastIndexOf(IdMark, StringComparison.Ordinal);
            if (at < 0 || !long.TryParse(node.Url.OriginalString.AsSpan(at + IdMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return false;
            var login = node.Author is { } author ? author.Type == "Bot" ? author.Login + "[bot]" : author.Login : "ghost";
            all.Add(new Comment(target, id, login, node.Body, node.Url, node.ViewerDidAuthor));
        }

        return true;
    }
}
