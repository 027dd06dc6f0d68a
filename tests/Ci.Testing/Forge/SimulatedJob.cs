using System.Globalization;
using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>What a job of the simulated forge finds around it.</summary>
public static class SimulatedJob
{
    /// <summary>The variables of a job, as GitHub Actions sets them; an event file comes from <see cref="WritePullRequestEvent"/>.</summary>
    public static IReadOnlyDictionary<string, string> JobEnvironment(
        this GitHubSimulator forge, string slug, string commit, string? token = null, string? eventPath = null, string branch = "main", long runId = 1)
    {
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_REPOSITORY"] = slug,
            ["GITHUB_API_URL"] = forge.ApiUrl.AbsoluteUri,
            ["GITHUB_SERVER_URL"] = forge.ServerUrl.AbsoluteUri.TrimEnd('/'),
            ["GITHUB_SHA"] = commit,
            ["GITHUB_REF"] = $"refs/heads/{branch}",
            ["GITHUB_RUN_ID"] = runId.ToString(CultureInfo.InvariantCulture),
            ["GITHUB_RUN_ATTEMPT"] = "1",
            ["GITHUB_TOKEN"] = token ?? forge.JobToken,
        };
        if (eventPath is not null)
            variables["GITHUB_EVENT_PATH"] = eventPath;
        return variables;
    }

    /// <summary>Writes the event of a pull request as GitHub gives it to a job; returns the path.</summary>
    public static string WritePullRequestEvent(this GitHubSimulator forge, string slug, int number, string path)
    {
        var pull = forge.Pulls(slug).Single(p => p.Number == number);
        var repository = forge.Repository(slug);
        var happened = new JsonObject
        {
            ["action"] = "synchronize",
            ["number"] = number,
            ["pull_request"] = ApiShapes.Pull(forge, repository, pull, whole: true),
            ["repository"] = ApiShapes.Repository(forge, repository),
            ["sender"] = ApiShapes.User(pull.Author),
        };
        File.WriteAllText(path, happened.ToJsonString());
        return path;
    }
}
