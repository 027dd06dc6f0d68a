using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Who am I, which job, and the project itself.</summary>
internal static class ProjectRoutes
{
    public static ApiAnswer User(GitLabCall call) => GitLabShapes.User(call.Forge, call.Login);

    // https://docs.gitlab.com/api/jobs/#get-job-tokens-job
    public static ApiAnswer Job(GitLabCall call) => call.Token is { IsJob: true }
        ? new JsonObject { ["id"] = 8, ["name"] = "evaluate", ["stage"] = "test", ["status"] = "running", ["user"] = GitLabShapes.User(call.Forge, call.Login) }
        : throw GitLabProblem.NotFound();

    public static ApiAnswer Get(GitLabCall call) => GitLabShapes.Project(call.Forge, call.Project);

    public static ApiAnswer Branches(GitLabCall call)
    {
        var names = call.Project.Git("for-each-ref", "--format=%(refname:short)", "refs/heads").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return call.Page([.. names.Select(n => new JsonObject
        {
            ["name"] = n, ["default"] = n == "main", ["protected"] = call.Project.Protections.ContainsKey(n), ["commit"] = new JsonObject { ["id"] = call.Project.Branch(n) },
        })]);
    }
}
