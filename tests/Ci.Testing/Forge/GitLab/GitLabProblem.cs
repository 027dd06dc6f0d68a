using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>An answer that is an error, in one of GitLab's shapes: a message, or an error with a description.</summary>
internal sealed class GitLabProblem(int status, JsonObject body) : Exception(body.ToJsonString())
{
    public int Status { get; } = status;

    public JsonObject Body { get; } = body;

    /// <summary>{"message": "404 Project Not Found"}</summary>
    public static GitLabProblem Saying(int status, JsonNode message) => new(status, new JsonObject { ["message"] = message });

    /// <summary>{"error": "body is missing"}: what the API's own reading of parameters says.</summary>
    public static GitLabProblem Error(int status, string error) => new(status, new JsonObject { ["error"] = error });

    public static GitLabProblem NotFound(string what = "") => Saying(404, what.Length == 0 ? "404 Not found" : $"404 {what} Not Found");

    public static GitLabProblem Unauthorized() => Saying(401, "401 Unauthorized");

    public static GitLabProblem Forbidden() => Saying(403, "403 Forbidden");

    public static GitLabProblem Scope(string scopes) => new(403, new JsonObject
    {
        ["error"] = "insufficient_scope",
        ["error_description"] = "The request requires higher privileges than provided by the access token.",
        ["scope"] = scopes,
    });
}
