using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>One request of the API with what routes need: who asks, about which repository, with what.</summary>
internal sealed class ApiCall(GitHubSimulator forge, HttpContext http, SimulatedToken? token, JsonObject body)
{
    private SimulatedRepository? repository;

    public GitHubSimulator Forge => forge;

    public SimulatedToken? Token => token;

    public JsonObject Body => body;

    public DateTimeOffset Now { get; } = forge.Now();

    /// <summary>404 for an unknown one, and for a private one to whom it does not concern.</summary>
    public SimulatedRepository Repository => this.repository ??=
        forge.Find($"{this.Route("owner")}/{this.Route("name")}") is { } found && (!found.IsPrivate || token is not null)
            ? found
            : throw ApiProblem.NotFound();

    public string Login => token?.Login ?? throw new ApiProblem(401, "Requires authentication");

    public string Route(string name) => http.Request.RouteValues[name] as string ?? "";

    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public long RouteNumber(string name) =>
        long.TryParse(this.Route(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw ApiProblem.NotFound();

    public SimulatedPull Pull()
    {
        var pull = this.Repository.Pull((int)this.RouteNumber("number")) ?? throw ApiProblem.NotFound();
        PullMerging.Refresh(this.Repository, pull, this.Now, forge.Faults.MergeabilityComesLate);
        return pull;
    }

    /// <summary>Refuses unless the token has this access in one of the areas.</summary>
    public void Need(Access access, params Area[] areas)
    {
        _ = this.Repository;
        var names = areas.Select(a => (a == Area.PullRequests ? "pull_requests" : a.ToString().ToLowerInvariant()) + "=" + access.ToString().ToLowerInvariant());
        http.Response.Headers["X-Accepted-GitHub-Permissions"] = string.Join("; ", names);
        if (access == Access.Read && !this.Repository.IsPrivate)
            return;
        if (token is null)
            throw new ApiProblem(401, "Requires authentication");
        if (!areas.Any(a => token.May(a, access)))
            throw new ApiProblem(403, $"Resource not accessible by {(token.IsApp ? "integration" : "personal access token")}");
    }

    /// <summary>A string that must be there.</summary>
    public string Text(string name) => this.OptionalText(name)
        ?? throw new ApiProblem(422, $"Invalid request.\n\n\"{name}\" wasn't supplied.");

    public string? OptionalText(string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw new ApiProblem(422, $"Invalid request.\n\nFor 'properties/{name}', {body[name]!.ToJsonString()} is not a string."),
    };

    /// <summary>One page of a list, with its Link header.</summary>
    public JsonArray Page(IReadOnlyCollection<JsonNode> all)
    {
        var size = Math.Clamp(Number("per_page", 30), 1, 100);
        var page = Math.Max(1, Number("page", 1));
        var last = Math.Max(1, (all.Count + size - 1) / size);
        var links = new List<string>();
        if (page > 1)
            links.AddRange([Link(page - 1, "prev"), Link(1, "first")]);
        if (page < last)
            links.AddRange([Link(page + 1, "next"), Link(last, "last")]);
        if (links.Count > 0)
            http.Response.Headers.Link = string.Join(", ", links);
        return [.. all.Skip((page - 1) * size).Take(size).Select(n => n.DeepClone())];

        int Number(string name, int otherwise) =>
            int.TryParse(this.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

        string Link(int number, string relation)
        {
            var rest = http.Request.Query.Where(q => q.Key is not ("page" or "per_page")).Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}&");
            return $"<{forge.ServerUrl.AbsoluteUri.TrimEnd('/')}{http.Request.Path}?{string.Concat(rest)}per_page={size}&page={number}>; rel=\"{relation}\"";
        }
    }
}
