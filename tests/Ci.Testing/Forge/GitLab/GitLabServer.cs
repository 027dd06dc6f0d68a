using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>What every request to the simulated GitLab passes: who asks, with which right and scope, faults, strictness, the record.</summary>
internal static class GitLabServer
{
    private const string Api = GitLabSimulator.Below + "/api/v4";

    public static void Map(WebApplication app, GitLabSimulator forge)
    {
        app.Use((context, next) => SimulatorServer.RecordAsync(forge, context, next));
        app.UseEndpoints(_ => { });
        foreach (var route in GitLabRouteTable.All)
            app.MapMethods(Api + route.Pattern, [route.Method], context => ApiAsync(forge, context, route));
        app.MapGet(Api + "/projects/{id}/uploads/{secret}/{name}", context => UploadAsync(forge, context, needsToken: true));
        app.MapMethods(Api + "/{**rest}", ["GET", "POST", "PUT", "PATCH", "DELETE"], context => SimulatorServer.WriteAsync(
            context, new ApiAnswer(404, GitLabProblem.Error(404, "404 Not Found").Body)));
        app.MapGet(GitLabSimulator.Below + "/-/project/{id}/uploads/{secret}/{name}", context => UploadAsync(forge, context, needsToken: false));
        app.MapMethods(GitLabSimulator.Below + "/{**path}", ["GET", "POST"], context => GitLabGit.ServeAsync(forge, context));
    }

    /// <summary>The token of a request; false where one is given that is unknown, or in the wrong header for its kind.</summary>
    public static bool TryIdentify(GitLabSimulator forge, HttpContext context, out SimulatedGitLabToken? token)
    {
        var headers = context.Request.Headers;
        var (value, isPrivate, isJob) = (headers["PRIVATE-TOKEN"].ToString(), true, false);
        if (headers["JOB-TOKEN"].ToString() is { Length: > 0 } job)
            (value, isPrivate, isJob) = (job, false, true);
        var authorization = headers.Authorization.ToString();
        if (authorization.StartsWith("Bearer ", StringComparison.Ordinal))
            (value, isPrivate) = (authorization["Bearer ".Length..], false);
        else if (authorization.StartsWith("Basic ", StringComparison.Ordinal))
            (value, isPrivate, isJob) = (SimulatorServer.Password(authorization["Basic ".Length..]), false, IsJobUser(authorization["Basic ".Length..]));
        token = value.Length == 0 ? null : forge.FindToken(value);
        context.Items[SimulatorServer.Identity] = token?.Login;
        return value.Length == 0 || (token is not null && token.IsJob == isJob && !(isPrivate && token.IsOAuth));
    }

    // Over Git's HTTP any name goes with an access token, and this one alone with a job's.
    private static bool IsJobUser(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64)).StartsWith("gitlab-ci-token:", StringComparison.Ordinal);

    private static async Task ApiAsync(GitLabSimulator forge, HttpContext context, GitLabRoute route)
    {
        if (forge.Faults.Delay > TimeSpan.Zero)
            await Task.Delay(forge.Faults.Delay, context.RequestAborted);
        context.Response.Headers["RateLimit-Limit"] = "2000";
        context.Response.Headers["RateLimit-Remaining"] = "1999";
        var fault = forge.Faults.Take(context.Request.Method);
        if (fault is { AfterDoing: false })
        {
            await SimulatorServer.BreakAsync(context, fault);
            return;
        }

        var done = await DoAsync(forge, context, route);
        if (fault is not null)
            await SimulatorServer.BreakAsync(context, fault, done);
        else
            await SimulatorServer.WriteAsync(context, done);
    }

    private static async Task<ApiAnswer> DoAsync(GitLabSimulator forge, HttpContext context, GitLabRoute route)
    {
        try
        {
            var (body, file) = await ReadAsync(context);
            if (!TryIdentify(forge, context, out var token))
                throw GitLabProblem.Unauthorized();
            var call = new GitLabCall(forge, context, token, body, file);
            await forge.Gate.WaitAsync(context.RequestAborted);
            try
            {
                Admit(call, context, route);
                Known(context, body, route);
                return route.Answer(call);
            }
            finally
            {
                forge.Gate.Release();
            }
        }
        catch (GitLabProblem problem)
        {
            return new ApiAnswer(problem.Status, problem.Body);
        }
    }

    private static void Admit(GitLabCall call, HttpContext context, GitLabRoute route)
    {
        var writes = context.Request.Method != "GET";
        if (call.Token is null && (writes || route.Role != GitLabRole.Guest))
            throw GitLabProblem.Unauthorized();
        if (call.Token is { IsJob: true } && !route.ForJobs)
            throw GitLabProblem.Unauthorized();
        if (call.Token is { } token && !token.Reaches(writes))
            throw GitLabProblem.Scope(writes ? "api" : "api read_api");
        if (!route.Pattern.StartsWith("/projects", StringComparison.Ordinal))
            return;
        var isMember = call.Token is { Role: > GitLabRole.None };
        if (!(route.Role == GitLabRole.Guest && !writes && !call.Project.IsPrivate) && (!isMember || call.Token!.Role < route.Role))
            throw GitLabProblem.Forbidden();
    }

    // GitLab passes over what it does not know; a client that sends such a thing is mistaken all the same.
    private static void Known(HttpContext context, JsonObject body, GitLabRoute route)
    {
        var known = route.Parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var unknown = context.Request.Query.Keys.Concat(body.Select(p => p.Key)).FirstOrDefault(n => !known.Contains(n, StringComparer.Ordinal));
        if (unknown is not null)
            throw GitLabProblem.Error(400, $"the simulator: {route.Method} {route.Pattern} takes no parameter {unknown}");
    }

    private static async Task<(JsonObject Body, GitLabFile? File)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(context.RequestAborted);
            if (form.Files.Count != 1 || form.Files[0].Name != "file" || form.Count > 0)
                throw GitLabProblem.Error(400, "file is invalid");
            using var content = new MemoryStream();
            await form.Files[0].CopyToAsync(content, context.RequestAborted);
            return ([], new GitLabFile(form.Files[0].FileName, form.Files[0].ContentType, content.ToArray()));
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        context.Items[SimulatorServer.Body] = text;
        if (text.Length == 0)
            return ([], null);
        if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is not true)
            throw GitLabProblem.Error(406, "The requested content-type is not supported");
        try
        {
            return (JsonNode.Parse(text) as JsonObject ?? throw GitLabProblem.Error(400, "The body is no JSON object"), null);
        }
        catch (JsonException)
        {
            throw GitLabProblem.Error(400, "There was a problem in the JSON you submitted");
        }
    }

    // The page's address would ask for a session in a private project; a token stands for one here.
    private static async Task UploadAsync(GitLabSimulator forge, HttpContext context, bool needsToken)
    {
        string Part(string name) => Uri.UnescapeDataString(context.Request.RouteValues[name] as string ?? "");
        var known = TryIdentify(forge, context, out var token) && token is not { IsJob: true };
        var project = forge.FindProject(Part("id"));
        var serves = known && project is not null && (token is not null || (!needsToken && !project.IsPrivate)) && (!needsToken || forge.StateOf(project).ServesUploads);
        await UploadRoutes.ServeAsync(context, forge, serves ? project : null, Part("secret"), Part("name"));
    }
}
