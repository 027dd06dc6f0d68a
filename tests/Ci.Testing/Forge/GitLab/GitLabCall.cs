using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>One request of the API with what routes need: who asks, about which project, with what.</summary>
internal sealed class GitLabCall(GitLabSimulator forge, HttpContext http, SimulatedGitLabToken? token, JsonObject body, GitLabFile? file)
{
    private SimulatedRepository? project;

    public GitLabSimulator Forge => forge;

    public SimulatedGitLabToken? Token => token;

    public GitLabFile? File => file;

    public DateTimeOffset Now { get; } = forge.Now();

    public string Login => token?.Login ?? throw GitLabProblem.Unauthorized();

    /// <summary>By its path, URL-encoded, or its number. 404 for an unknown one, and for a private one to whom it does not concern.</summary>
    public SimulatedRepository Project => this.project ??=
        forge.FindProject(this.Route("id")) is { } found && (!found.IsPrivate || token is { Role: > GitLabRole.None })
            ? found
            : throw GitLabProblem.NotFound("Project");

    public string Route(string name) => Uri.UnescapeDataString(http.Request.RouteValues[name] as string ?? "");

    public long RouteNumber(string name) => long.TryParse(this.Route(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw GitLabProblem.Error(400, $"{name} is invalid");

    /// <summary>A parameter, of the query or the body; null where absent.</summary>
    public string? Optional(string name) => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : body[name] switch
    {
        null => null,
        JsonValue text when text.TryGetValue<string>(out var found) => found,
        JsonValue other => other.ToJsonString(),
        _ => throw GitLabProblem.Error(400, $"{name} is invalid"),
    };

    public string Required(string name) => this.Optional(name) ?? throw GitLabProblem.Error(400, $"{name} is missing");

    public JsonNode? Node(string name) => body[name];

    public bool Flag(string name) => this.Optional(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw GitLabProblem.Error(400, $"{name} is invalid"),
    };

    /// <summary>One of these words.</summary>
    public string Word(string name, string otherwise, params string[] words) => this.Optional(name) is not { } word ? otherwise
        : words.Contains(word, StringComparer.Ordinal) ? word
        : throw GitLabProblem.Error(400, $"{name} does not have a valid value");

    public SimulatedPull Pull()
    {
        var pull = this.Project.Pull((int)this.RouteNumber("iid")) ?? throw GitLabProblem.NotFound();
        forge.Refresh(this.Project, pull);
        return pull;
    }

    public string Commit() => this.Project.Resolve(this.Route("sha")) ?? throw GitLabProblem.NotFound("Commit");

    /// <summary>One page of a list, by offset, with the headers that tell of the others.</summary>
    public JsonArray Page(IReadOnlyCollection<JsonNode> all)
    {
        var size = Math.Min(Number("per_page", 20), 100);
        var page = Number("page", 1);
        var last = Math.Max(1, (all.Count + size - 1) / size);
        var headers = http.Response.Headers;
        headers["X-Per-Page"] = $"{size}";
        headers["X-Page"] = $"{page}";
        headers["X-Prev-Page"] = page > 1 ? $"{page - 1}" : "";
        headers["X-Next-Page"] = page < last ? $"{page + 1}" : "";
        headers["X-Total"] = $"{all.Count}";
        headers["X-Total-Pages"] = $"{last}";
        var links = new List<string>();
        if (page > 1)
            links.Add(Link(page - 1, "prev"));
        if (page < last)
            links.Add(Link(page + 1, "next"));
        headers.Link = string.Join(", ", [.. links, Link(1, "first"), Link(last, "last")]);
        return [.. all.Skip((page - 1) * size).Take(size).Select(n => n.DeepClone())];

        int Number(string name, int otherwise) => this.Optional(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw GitLabProblem.Error(400, $"{name} does not have a valid value");

        // Behind a proxy GitLab often does not know its own address: whoever follows the whole link goes astray.
        string Link(int number, string relation)
        {
            var rest = http.Request.Query.Where(q => q.Key is not ("page" or "per_page")).Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}&");
            return $"<https://gitlab.internal{http.Request.Path}?{string.Concat(rest)}page={number}&per_page={size}>; rel=\"{relation}\"";
        }
    }
}
