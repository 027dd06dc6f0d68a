using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Pull requests whose head lies in another repository, and the runs that follow the runs of those.</summary>
public static class SimulatedFork
{
    /// <summary>Somebody opens a pull request from a fork. Its branch is kept beside ours, as GitHub keeps refs/pull/N/head.</summary>
    /// <param name="forge">Where.</param>
    /// <param name="slug">The repository that it goes to.</param>
    /// <param name="fork">"owner/name" of where it comes from.</param>
    /// <param name="branch">A branch that exists.</param>
    /// <returns>Its number.</returns>
    public static int OpenForkPull(this GitHubSimulator forge, string slug, string fork, string branch)
    {
        ArgumentNullException.ThrowIfNull(forge);
        var repository = forge.Repository(slug);
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        repository.PullList.Add(new SimulatedPull
        {
            Number = ++repository.LastNumber, Id = forge.NextId(), Author = fork.Split('/')[0], Title = "From a fork", Head = branch, Base = "main", ForkOf = fork, CreatedAt = now, UpdatedAt = now,
        });
        return forge.Pulls(slug).Last().Number;
    }

    /// <summary>Writes the event of a run that follows another (<c>workflow_run</c>); of a fork's pull request GitHub leaves the number out.</summary>
    public static string WriteWorkflowRunEvent(this GitHubSimulator forge, string slug, string headSha, string? headRepository, string path, string happened = "pull_request")
    {
        ArgumentNullException.ThrowIfNull(forge);
        var repository = ApiShapes.Repository(forge, forge.Repository(slug));
        var told = new JsonObject
        {
            ["action"] = "completed",
            ["workflow_run"] = new JsonObject
            {
                ["id"] = 77, ["head_sha"] = headSha, ["head_branch"] = "patch-1", ["event"] = happened, ["conclusion"] = "success",
                ["head_repository"] = headRepository is null ? null : Shape(repository.DeepClone().AsObject(), headRepository),
                ["pull_requests"] = new JsonArray(),
            },
            ["repository"] = repository,
        };
        File.WriteAllText(path, told.ToJsonString());
        return path;
    }

    internal static JsonObject Shape(JsonObject repository, string fork)
    {
        (repository["full_name"], repository["name"], repository["fork"]) = (fork, fork.Split('/')[1], true);
        return repository;
    }
}
