using System.Text.Json.Serialization;

namespace Ci.Forges.GitHub;

// The parts of GitHub's GraphQL that we use: https://docs.github.com/en/graphql/reference/queries. Its members are in camel case.
internal sealed record GraphQlRequest(string Query, GraphQlVariables? Variables = null);

internal sealed record GraphQlVariables(string Owner, string Name, int Number, string? After);

internal sealed record GraphQlError(string Message, string? Type = null);

internal sealed record GraphQlViewer(GitHubUser Viewer);

internal sealed record GraphQlViewerAnswer(GraphQlViewer? Data = null);

internal sealed record GraphQlCommentsAnswer(GraphQlCommentsData? Data = null, GraphQlError[]? Errors = null);

internal sealed record GraphQlCommentsData(GraphQlRepository? Repository = null);

internal sealed record GraphQlRepository([property: JsonPropertyName("issueOrPullRequest")] GraphQlThread? Thread = null);

internal sealed record GraphQlThread(GraphQlComments? Comments = null);

internal sealed record GraphQlComments(GraphQlComment?[] Nodes, [property: JsonPropertyName("pageInfo")] GraphQlPage Page);

internal sealed record GraphQlPage(
    [property: JsonPropertyName("hasNextPage")] bool HasNextPage, [property: JsonPropertyName("endCursor")] string? EndCursor = null);

internal sealed record GraphQlComment(
    string Body, Uri Url, [property: JsonPropertyName("viewerDidAuthor")] bool ViewerDidAuthor, GraphQlActor? Author = null);

internal sealed record GraphQlActor(string Login, [property: JsonPropertyName("__typename")] string? Type = null);
