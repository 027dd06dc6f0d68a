using System.Globalization;
using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Pipelines: list, create with variables, trigger, retry.</summary>
internal static class PipelineRoutes
{
    public static ApiAnswer List(GitLabCall call)
    {
        var found = All(call).FindAll(p => (call.Optional("sha") is not { } sha || sha == p.Sha) && (call.Optional("ref") is not { } name || name == p.Ref));
        if (call.Word("sort", "desc", "asc", "desc") == "desc")
            found.Reverse();
        return call.Page([.. found.Select(p => GitLabShapes.Pipeline(call.Forge, call.Project, p, whole: false))]);
    }

    public static ApiAnswer Get(GitLabCall call) => GitLabShapes.Pipeline(call.Forge, call.Project, Find(call), whole: true);

    // [{"key": …, "value": …}]
    public static ApiAnswer Create(GitLabCall call)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in call.Node("variables") as JsonArray ?? [])
        {
            var (key, value) = (variable?["key"]?.GetValue<string>(), variable?["value"]?.GetValue<string>());
            if (key is null || value is null || variable!.AsObject().Count != 2)
                throw GitLabProblem.Error(400, "variables is invalid");
            variables.Add(key, value);
        }

        return Start(call, "api", variables);
    }

    // {"KEY": "value"}; the token is a trigger's, or a job's own.
    public static ApiAnswer Trigger(GitLabCall call)
    {
        if (call.Required("token") is var given && (call.Forge.FindToken(given) is not { IsJob: true } known || known.Role < GitLabRole.Developer))
            throw GitLabProblem.NotFound();
        var variables = (call.Node("variables") as JsonObject ?? []).ToDictionary(v => v.Key, v => v.Value!.GetValue<string>());
        return Start(call, "trigger", variables);
    }

    public static ApiAnswer CreateOfMergeRequest(GitLabCall call)
    {
        var pull = call.Pull();
        return Add(call, $"refs/merge-requests/{pull.Number}/head", pull.HeadSha, "merge_request_event", []);
    }

    public static ApiAnswer Retry(GitLabCall call)
    {
        var pipeline = Find(call);
        pipeline.Retries++;
        return ApiAnswer.Created(GitLabShapes.Pipeline(call.Forge, call.Project, pipeline, whole: true));
    }

    private static ApiAnswer Start(GitLabCall call, string source, Dictionary<string, string> variables)
    {
        var name = call.Required("ref");
        var sha = call.Project.Branch(name) ?? throw GitLabProblem.Saying(400, new JsonObject { ["base"] = new JsonArray("Reference not found") });
        return Add(call, name, sha, source, variables);
    }

    private static ApiAnswer Add(GitLabCall call, string name, string sha, string source, Dictionary<string, string> variables)
    {
        var made = new GitLabPipelineRun(call.Forge.NextId(), name, sha, source, variables);
        All(call).Add(made);
        return ApiAnswer.Created(GitLabShapes.Pipeline(call.Forge, call.Project, made, whole: true));
    }

    private static GitLabPipelineRun Find(GitLabCall call) => All(call).Find(p => p.Id.ToString(CultureInfo.InvariantCulture) == call.Route("pipeline"))
        ?? throw GitLabProblem.NotFound();

    private static List<GitLabPipelineRun> All(GitLabCall call) => call.Forge.StateOf(call.Project).Pipelines;
}
