using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>What every request passes: who asks, faults, the API's manners, the record.</summary>
internal static class SimulatorServer
{
    public const string Identity = "identity";
    public const string Body = "body";

    public static void Map(WebApplication app, GitHubSimulator forge)
    {
        app.Use((context, next) => RecordAsync(forge, context, next));
        app.UseEndpoints(_ => { });
        foreach (var (method, pattern, answer) in RouteTable.All)
            app.MapMethods(pattern, [method], context => ApiAsync(forge, context, answer));
        app.MapMethods("/api/{**rest}", ["GET", "POST", "PUT", "PATCH", "DELETE"], context => ApiAsync(forge, context, _ => throw ApiProblem.NotFound()));
        app.MapGet("/{owner}/{name}/raw/{sha}/{**path}", context => SimulatorFiles.RawAsync(forge, context));
        app.MapMethods("/{owner}/{name}/info/refs", ["GET"], context => SimulatorFiles.GitAsync(forge, context));
        app.MapMethods("/{owner}/{name}/git-upload-pack", ["POST"], context => SimulatorFiles.GitAsync(forge, context));
        app.MapMethods("/{owner}/{name}/git-receive-pack", ["POST"], context => SimulatorFiles.GitAsync(forge, context));
    }

    /// <summary>The token of a request (Bearer, token, or Basic with the token as password); false where there is a wrong one.</summary>
    public static bool TryIdentify(GitHubSimulator forge, HttpContext context, out SimulatedToken? token)
    {
        token = null;
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return true;
        var (scheme, value) = header.Split(' ', 2) is [var s, var v] ? (s, v) : ("", "");
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            value = Password(value);
        token = forge.FindToken(value);
        context.Items[Identity] = token?.Login;
        return token is not null;
    }

    /// <summary>Remembers every request that was answered.</summary>
    public static async Task RecordAsync(ForgeSimulator forge, HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            var headers = context.Request.Headers.Where(h => h.Key is not ("Authorization" or "PRIVATE-TOKEN" or "JOB-TOKEN")).ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            forge.Record(new RecordedRequest(
                context.Request.Method, context.Request.Path + context.Request.QueryString, context.Items[Identity] as string,
                context.Response.StatusCode, context.Items[Body] as string ?? "", headers));
        }
    }

    private static async Task ApiAsync(GitHubSimulator forge, HttpContext context, Func<ApiCall, ApiAnswer> answer)
    {
        if (forge.Faults.Delay > TimeSpan.Zero)
            await Task.Delay(forge.Faults.Delay, context.RequestAborted);
        context.Response.Headers["X-RateLimit-Limit"] = "5000";
        context.Response.Headers["X-RateLimit-Remaining"] = "4999";
        context.Response.Headers["X-GitHub-Request-Id"] = forge.NextId().ToString(CultureInfo.InvariantCulture);
        // A query of GraphQL reads, however it travels.
        var fault = forge.Faults.Take(context.Request.Path.Value!.EndsWith("/graphql", StringComparison.Ordinal) ? "GET" : context.Request.Method);
        if (fault is { AfterDoing: false })
        {
            await BreakAsync(context, fault);
            return;
        }

        var done = await DoAsync(forge, context, answer);
        if (fault is not null)
            await BreakAsync(context, fault, done);
        else
            await WriteAsync(context, done);
    }

    private static async Task<ApiAnswer> DoAsync(GitHubSimulator forge, HttpContext context, Func<ApiCall, ApiAnswer> answer)
    {
        try
        {
            var body = await ReadAsync(forge, context);
            if (!TryIdentify(forge, context, out var token))
                throw new ApiProblem(401, "Bad credentials");
            await forge.Gate.WaitAsync(context.RequestAborted);
            try
            {
                return answer(new ApiCall(forge, context, token, body));
            }
            finally
            {
                forge.Gate.Release();
            }
        }
        catch (ApiProblem problem)
        {
            return new ApiAnswer(problem.Status, problem.Body);
        }
    }

    private static async Task<JsonObject> ReadAsync(GitHubSimulator forge, HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.UserAgent.Count == 0)
            throw new ApiProblem(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.");
        if (request.Headers["X-GitHub-Api-Version"].ToString() is { Length: > 0 } version && version is not "2022-11-28")
            throw new ApiProblem(400, $"\"{version}\" is not a valid API version");
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        context.Items[Body] = text;
        if (text.Length == 0)
            return [];
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new ApiProblem(400, "Body should be a JSON object");
        }
        catch (JsonException)
        {
            throw new ApiProblem(400, "Problems parsing JSON");
        }
    }

    /// <summary>Answers as the fault says: a proxy's page, or half of what was to be said.</summary>
    public static Task BreakAsync(HttpContext context, ForgeFaults.Fault fault, ApiAnswer? done = null)
    {
        if (fault.Truncates && done?.Body?.ToJsonString() is { } whole)
            return context.Response.WriteAsync(whole[..(whole.Length / 2)]);
        context.Response.StatusCode = fault.Status;
        if (fault.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<html><body><h1>Unicorn!</h1></body></html>");
    }

    public static async Task WriteAsync(HttpContext context, ApiAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Body is null)
            return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer.Body.ToJsonString());
    }

    /// <summary>The password of Basic authentication.</summary>
    public static string Password(string base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64)).Split(':', 2) is [_, var password] ? password : "";
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
