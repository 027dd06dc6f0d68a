using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Check runs and commit statuses.</summary>
internal static class CheckRoutes
{
    private const int TextLimit = 65_535;
    private static readonly string[] Conclusions = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"];

    public static ApiAnswer Create(ApiCall call)
    {
        call.Need(Access.Write, Area.Checks);
        OnlyApps(call);
        var sha = call.Text("head_sha");
        if (sha.Length != 40 || call.Repository.Resolve(sha) != sha)
            throw new ApiProblem(422, $"No commit found for SHA: {sha}");
        var check = new SimulatedCheck
        {
            Id = call.Forge.NextId(), Kind = "check-run", Author = call.Login, Name = call.Text("name"), HeadSha = sha, Status = "queued", At = call.Now,
        };
        Fill(call, check);
        call.Repository.CheckList.Add(check);
        return ApiAnswer.Created(ApiShapes.CheckRun(call.Forge, call.Repository, check));
    }

    public static ApiAnswer Update(ApiCall call)
    {
        call.Need(Access.Write, Area.Checks);
        OnlyApps(call);
        var check = call.Repository.CheckList.Find(c => c.Kind == "check-run" && c.Id == call.RouteNumber("id")) ?? throw ApiProblem.NotFound();
        if (check.Author != call.Login)
            throw new ApiProblem(403, "Invalid app_id `1` - check run can only be modified by the GitHub App that created it.");
        check.Name = call.OptionalText("name") ?? check.Name;
        Fill(call, check);
        return ApiShapes.CheckRun(call.Forge, call.Repository, check);
    }

    public static ApiAnswer Get(ApiCall call)
    {
        call.Need(Access.Read, Area.Checks);
        var check = call.Repository.CheckList.Find(c => c.Kind == "check-run" && c.Id == call.RouteNumber("id")) ?? throw ApiProblem.NotFound();
        return ApiShapes.CheckRun(call.Forge, call.Repository, check);
    }

    public static ApiAnswer List(ApiCall call)
    {
        call.Need(Access.Read, Area.Checks);
        var sha = Commit(call);
        var runs = call.Repository.CheckList.FindAll(c => c.Kind == "check-run" && c.HeadSha == sha && (call.Query("check_name") is not { } n || n == c.Name));
        // The default filter is "latest": one a name and app.
        if (call.Query("filter") != "all")
            runs = [.. runs.GroupBy(c => (c.Name, c.Author)).Select(g => g.Last())];
        var page = call.Page([.. runs.OrderByDescending(c => c.Id).Select(c => ApiShapes.CheckRun(call.Forge, call.Repository, c))]);
        return new JsonObject { ["total_count"] = runs.Count, ["check_runs"] = page };
    }

    public static ApiAnswer CreateStatus(ApiCall call)
    {
        call.Need(Access.Write, Area.Statuses);
        var state = call.Text("state");
        if (state is not ("error" or "failure" or "pending" or "success"))
            throw ApiProblem.Invalid("Status", "state", "state is not included in the list", "invalid");
        var description = call.OptionalText("description") ?? "";
        if (description.Length > 140)
            throw ApiProblem.Invalid("Status", "description", "description is too long (maximum is 140 characters)");
        var check = new SimulatedCheck
        {
            Id = call.Forge.NextId(), Kind = "status", Author = call.Login, Name = call.OptionalText("context") ?? "default", HeadSha = Commit(call),
            Status = state == "pending" ? "in_progress" : "completed", Conclusion = state, Description = description,
            DetailsUrl = call.OptionalText("target_url"), At = call.Now,
        };
        call.Repository.CheckList.Add(check);
        return ApiAnswer.Created(ApiShapes.Status(check));
    }

    public static ApiAnswer CombinedStatus(ApiCall call)
    {
        call.Need(Access.Read, Area.Statuses);
        var sha = Commit(call);
        var latest = call.Repository.CheckList.FindAll(c => c.Kind == "status" && c.HeadSha == sha).GroupBy(c => c.Name).Select(g => g.Last()).ToList();
        var state = latest.Exists(c => c.Conclusion is "failure" or "error") ? "failure"
            : latest.Count == 0 || latest.Exists(c => c.Conclusion == "pending") ? "pending" : "success";
        return GitHubShapes.Of("combined-commit-status", new JsonObject
        {
            ["state"] = state,
            ["sha"] = sha,
            ["total_count"] = latest.Count,
            ["statuses"] = call.Page([.. latest.Select(ApiShapes.Status)]),
        });
    }

    private static void Fill(ApiCall call, SimulatedCheck check)
    {
        var conclusion = call.OptionalText("conclusion") ?? (call.Body["status"] is null ? check.Conclusion : null);
        if (conclusion is not null && !Conclusions.Contains(conclusion, StringComparer.Ordinal))
            throw ApiProblem.Invalid("CheckRun", "conclusion", $"{conclusion} is not a conclusion", "invalid");
        var status = call.OptionalText("status") ?? (conclusion is not null ? "completed" : check.Status);
        if (status is not ("queued" or "in_progress" or "completed"))
            throw ApiProblem.Invalid("CheckRun", "status", $"{status} is not a status", "invalid");
        if (status == "completed" && conclusion is null)
            throw new ApiProblem(422, "Invalid request.\n\n\"conclusion\" wasn't supplied.");
        (check.Status, check.Conclusion, check.At) = (status, conclusion, call.Now);
        check.DetailsUrl = call.OptionalText("details_url") ?? check.DetailsUrl;
        check.ExternalId = call.OptionalText("external_id") ?? check.ExternalId;
        if (call.Body["output"] is not JsonObject output)
            return;
        foreach (var name in new[] { "title", "summary" })
        {
            if (output[name] is null)
                throw new ApiProblem(422, $"Invalid request.\n\n\"{name}\" wasn't supplied.");
        }

        if (output["summary"]!.GetValue<string>().Length > TextLimit)
            throw ApiProblem.Invalid("CheckRun", "summary", $"Summary exceeds a maximum of {TextLimit} characters");
        Annotate(check, output["annotations"] as JsonArray ?? []);
        var count = check.Annotations.Count;
        check.Output = new JsonObject
        {
            ["title"] = output["title"]!.DeepClone(), ["summary"] = output["summary"]!.DeepClone(), ["text"] = output["text"]?.DeepClone(),
            ["annotations_count"] = count, ["annotations_url"] = "https://forge.test/",
        };
    }

    // Fifty a request, added to what is there.
    private static void Annotate(SimulatedCheck check, JsonArray notes)
    {
        if (notes.Count > 50)
            throw ApiProblem.Invalid("CheckRun", "annotations", "Annotations exceeds a maximum quantity of 50");
        foreach (var note in notes)
        {
            foreach (var name in new[] { "path", "start_line", "end_line", "annotation_level", "message" })
            {
                if (note![name] is null)
                    throw new ApiProblem(422, $"Invalid request.\n\n\"{name}\" wasn't supplied.");
            }

            check.Annotations.Add(note!.DeepClone().AsObject());
        }
    }

    private static void OnlyApps(ApiCall call)
    {
        if (call.Token is { IsApp: false })
            throw new ApiProblem(403, "You must authenticate via a GitHub App.");
    }

    private static string Commit(ApiCall call) => call.Repository.Resolve(call.Route("sha"))
        ?? throw new ApiProblem(422, $"No commit found for SHA: {call.Route("sha")}");
}
