using System.Globalization;
using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>The two queries of GitHub's GraphQL that the simulator knows: who am I, and the comments of a pull request with whose they are.</summary>
internal static class GraphQlRoutes
{
    public static ApiAnswer Answer(ApiCall call)
    {
        // A token is asked for, whatever is public.
        var login = call.Login;
        var query = string.Concat(call.Text("query").Where(c => !char.IsWhiteSpace(c)));
        if (query is "query{viewer{login}}" or "{viewer{login}}")
            return new JsonObject { ["data"] = new JsonObject { ["viewer"] = new JsonObject { ["login"] = login } } };
        if (!query.Contains("issueOrPullRequest(number:$number)", StringComparison.Ordinal) || call.Body["variables"] is not JsonObject variables)
            throw new ApiProblem(400, "the simulator answers only { viewer { login } } and the comments of an issueOrPullRequest");
        return Comments(call, variables);
    }

    private static JsonObject Comments(ApiCall call, JsonObject variables)
    {
        var number = (int)variables["number"]!;
        var slug = $"{variables["owner"]}/{variables["name"]}";
        if (call.Forge.Find(slug) is not { } repository || (repository.IsPrivate && call.Token is null))
            return Error("NOT_FOUND", $"Could not resolve to a Repository with the name '{slug}'.", new JsonObject { ["repository"] = null });
        if (repository.IsPrivate && !call.Token!.May(Area.Issues, Access.Read) && !call.Token.May(Area.PullRequests, Access.Read))
            return Error("FORBIDDEN", "Resource not accessible by integration", new JsonObject { ["repository"] = new JsonObject { ["issueOrPullRequest"] = null } });
        if (repository.Pull(number) is null)
            return Error("NOT_FOUND", $"Could not resolve to an issue or pull request with the number of {number}.", new JsonObject { ["repository"] = new JsonObject { ["issueOrPullRequest"] = null } });
        var all = repository.CommentList.FindAll(c => c.PullRequest == number).OrderBy(c => c.Id).ToList();
        var start = int.TryParse((string?)variables["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : 0;
        var page = all.Skip(start).Take(100).ToList();
        var shapes = page.Select(c => (JsonNode)Shape(call, repository, c)).ToArray();
        var end = start + page.Count;
        return new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["repository"] = new JsonObject
                {
                    ["issueOrPullRequest"] = new JsonObject
                    {
                        ["comments"] = new JsonObject
                        {
                            ["nodes"] = new JsonArray(shapes),
                            ["pageInfo"] = new JsonObject { ["hasNextPage"] = end < all.Count, ["endCursor"] = end == 0 ? null : end.ToString(CultureInfo.InvariantCulture) },
                        },
                    },
                },
            },
        };
    }

    // A bot's login is without its "[bot]" there.
    private static JsonObject Shape(ApiCall call, SimulatedRepository repository, SimulatedComment comment)
    {
        var isBot = comment.Author.EndsWith("[bot]", StringComparison.Ordinal);
        return new JsonObject
        {
            ["body"] = comment.Body,
            ["url"] = (string?)ApiShapes.Comment(call.Forge, repository, comment)["html_url"],
            ["viewerDidAuthor"] = comment.Author == call.Login,
            ["author"] = new JsonObject { ["login"] = isBot ? comment.Author[..^5] : comment.Author, ["__typename"] = isBot ? "Bot" : "User" },
        };
    }

    private static JsonObject Error(string type, string message, JsonObject data) => new()
    {
        ["data"] = data,
        ["errors"] = new JsonArray(new JsonObject { ["type"] = type, ["message"] = message }),
    };
}
