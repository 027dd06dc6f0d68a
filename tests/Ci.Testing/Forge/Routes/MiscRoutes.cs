using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Who am I, the repository itself, and starting workflows.</summary>
internal static class MiscRoutes
{
    // Installation tokens are nobody: https://docs.github.com/en/rest/users/users#get-the-authenticated-user
    public static ApiAnswer User(ApiCall call) => call.Token switch
    {
        null => throw new ApiProblem(401, "Requires authentication"),
        { IsApp: true } => throw new ApiProblem(403, "Resource not accessible by integration"),
        { } token => ApiShapes.User(token.Login, "public-user"),
    };

    public static ApiAnswer Repository(ApiCall call)
    {
        call.Need(Access.Read, Area.Contents);
        return ApiShapes.Repository(call.Forge, call.Repository);
    }

    public static ApiAnswer Dispatch(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var payload = call.Body["client_payload"] as JsonObject ?? [];
        if (payload.Count > 10)
            throw ApiProblem.Invalid("RepositoryDispatch", "client_payload", "No more than 10 properties are allowed");
        var type = call.Text("event_type");
        if (type.Length is 0 or > 100)
            throw ApiProblem.Invalid("RepositoryDispatch", "event_type", "event_type must be 1 to 100 characters");
        call.Repository.DispatchList.Add((type, payload.ToJsonString()));
        return ApiAnswer.Nothing;
    }

    public static ApiAnswer Rerun(ApiCall call, bool failedOnly)
    {
        call.Need(Access.Write, Area.Actions);
        var id = call.RouteNumber("id");
        if (!call.Repository.Runs.Contains(id))
            throw ApiProblem.NotFound();
        call.Repository.RerunList.Add((id, failedOnly));
        return ApiAnswer.Created(new JsonObject());
    }
}
