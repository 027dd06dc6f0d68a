namespace Ci.Testing.Forge;

/// <summary>Commit statuses, as jobs of the commit's latest pipeline.</summary>
internal static class StatusRoutes
{
    public static ApiAnswer List(GitLabCall call)
    {
        var sha = call.Commit();
        var found = call.Project.CheckList.FindAll(c => c.HeadSha == sha && (call.Optional("name") is not { } name || name == c.Name));
        // Finished ones that a later one of the name superseded are shown only on demand.
        if (!call.Flag("all"))
            found = [.. found.GroupBy(c => c.Name).Select(g => g.Last())];
        return call.Page([.. found.OrderBy(c => c.Id).Select(c => GitLabShapes.Status(call.Forge, c))]);
    }

    public static ApiAnswer Set(GitLabCall call)
    {
        var sha = call.Commit();
        _ = call.Required("state");
        var state = call.Word("state", "", "pending", "running", "success", "failed", "canceled", "skipped");
        var name = call.Optional("name") ?? call.Optional("context") ?? "default";
        foreach (var field in new[] { "description", "target_url", "name" })
        {
            if (call.Optional(field)?.Length > 255)
                throw GitLabProblem.Saying(400, new System.Text.Json.Nodes.JsonObject { [field] = new System.Text.Json.Nodes.JsonArray("is too long (maximum is 255 characters)") });
        }

        var pipeline = Pipeline(call, sha);
        // One that is not finished is updated; a finished one gives way to a new one.
        var status = call.Project.CheckList.FindLast(c => c.HeadSha == sha && c.Name == name && c.Status != "completed");
        if (status is not null && status.Conclusion == state)
            throw GitLabProblem.Saying(400, $"Cannot transition status via :{Verb(state)} from :{state} (Reason(s): Status cannot transition via \"{Verb(state)}\")");
        if (status is null)
        {
            status = new SimulatedCheck { Id = call.Forge.NextId(), Kind = "status", Author = call.Login, Name = name, HeadSha = sha, Status = "queued", At = call.Now };
            call.Project.CheckList.Add(status);
        }

        status.Status = state switch { "pending" => "queued", "running" => "in_progress", _ => "completed" };
        (status.Conclusion, status.At, status.ExternalId) = (state, call.Now, $"{pipeline}");
        status.Description = call.Optional("description") ?? status.Description;
        status.DetailsUrl = call.Optional("target_url") ?? status.DetailsUrl;
        return ApiAnswer.Created(GitLabShapes.Status(call.Forge, status));
    }

    private static long Pipeline(GitLabCall call, string sha)
    {
        var pipelines = call.Forge.StateOf(call.Project).Pipelines;
        if (call.Optional("pipeline_id") is not null)
        {
            return pipelines.Find(p => p.Id == long.Parse(call.Optional("pipeline_id")!, System.Globalization.CultureInfo.InvariantCulture) && p.Sha == sha)?.Id
                ?? throw GitLabProblem.NotFound("Pipeline");
        }

        if (pipelines.FindLast(p => p.Sha == sha && p.Source != "merge_request_event") is { } there)
            return there.Id;
        var made = new GitLabPipelineRun(call.Forge.NextId(), "main", sha, "external", new Dictionary<string, string>());
        pipelines.Add(made);
        return made.Id;
    }

    private static string Verb(string state) => state switch { "pending" => "enqueue", "running" => "run", _ => state };
}
