using System.Text.Json.Nodes;
using Ci.Build.Tools;

namespace Ci.Build.Demo;

/// <summary>One CI job: a fresh clone at one commit and the environment that the forge would give it.</summary>
internal sealed class JobRun
{
    private static long lastRun = 7_000;

    private readonly DemoWorld world;
    private readonly Dictionary<string, string?> environment;

    private readonly long id;

    private JobRun(DemoWorld world, string folder, Dictionary<string, string?> environment, long id)
    {
        (this.world, this.Folder, this.environment, this.id) = (world, folder, environment, id);
    }

    public string Folder { get; }

    /// <summary>A job of a pull request: it sees no signing key.</summary>
    public static async Task<JobRun> ForPullRequestAsync(DemoWorld world, JsonNode pull, bool trusted = false, bool mayWrite = true)
    {
        var sha = (string)pull["head"]!["sha"]!;
        var number = (int)pull["number"]!;
        var payload = new JsonObject
        {
            ["action"] = "synchronize",
            ["number"] = number,
            ["pull_request"] = pull.DeepClone(),
            ["repository"] = new JsonObject { ["full_name"] = DemoWorld.ModelRepository },
        };
        return await StartAsync(world, sha, $"refs/pull/{number}/merge", "pull_request", payload, trusted, mayWrite);
    }

    /// <summary>The job that GitHub starts once <paramref name="evaluated"/> is done: it checks out nothing, and has that job's bundle.</summary>
    public static async Task<JobRun> ForFinishedRunAsync(DemoWorld world, JsonNode pull, JobRun evaluated)
    {
        var sha = (string)pull["head"]!["sha"]!;
        var payload = new JsonObject
        {
            ["action"] = "completed",
            ["workflow_run"] = new JsonObject
            {
                ["id"] = evaluated.id,
                ["name"] = "evaluate",
                ["event"] = "pull_request",
                ["conclusion"] = "success",
                ["head_sha"] = sha,
                ["head_branch"] = pull["head"]!["ref"]!.DeepClone(),
                ["head_repository"] = new JsonObject { ["full_name"] = DemoWorld.ModelRepository },
                ["pull_requests"] = new JsonArray(new JsonObject { ["number"] = pull["number"]!.DeepClone(), ["base"] = new JsonObject { ["ref"] = "main" } }),
            },
            ["repository"] = new JsonObject { ["full_name"] = DemoWorld.ModelRepository },
        };
        var run = Interlocked.Increment(ref lastRun);
        var folder = Path.Combine(world.Folder, "jobs", $"{run}-workflow_run");
        Directory.CreateDirectory(Path.Combine(folder, "bundle"));
        File.Copy(Path.Combine(evaluated.Folder, "bundle", "bundle.zip"), Path.Combine(folder, "bundle", "bundle.zip"));
        var eventPath = folder + ".event.json";
        await File.WriteAllTextAsync(eventPath, payload.ToJsonString());
        return new JobRun(world, folder, world.JobEnvironment(sha, "refs/heads/main", "workflow_run", eventPath, trusted: false, run), run);
    }

    /// <summary>A job after a push to a protected branch: trusted.</summary>
    public static async Task<JobRun> ForPushAsync(DemoWorld world, string branch)
    {
        var sha = world.Forge.Repository(DemoWorld.ModelRepository).Branch(branch)
            ?? throw new BuildException($"the forge has no branch {branch}");
        var payload = new JsonObject
        {
            ["ref"] = $"refs/heads/{branch}", ["after"] = sha, ["repository"] = new JsonObject { ["full_name"] = DemoWorld.ModelRepository },
        };
        return await StartAsync(world, sha, $"refs/heads/{branch}", "push", payload, trusted: true);
    }

    /// <summary>Runs mlops in the clone; other exit codes than 0 and <paramref name="allowed"/> fail the demo.</summary>
    public async Task<ProcessResult> MlopsAsync(string arguments, params int[] allowed) =>
        (await Shell.RunAsync(this.world.Context.Mlops, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), this.Folder, this.environment)).OrThrow(allowed);

    public JsonNode Json(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(this.Folder, path)))!;

    private static async Task<JobRun> StartAsync(DemoWorld world, string sha, string refName, string eventName, JsonObject payload, bool trusted, bool mayWrite = true)
    {
        var run = Interlocked.Increment(ref lastRun);
        var folder = Path.Combine(world.Folder, "jobs", $"{run}-{eventName}");
        var eventPath = folder + ".event.json";
        await File.WriteAllTextAsync(eventPath, payload.ToJsonString());
        (await world.GitAsync(world.Folder, "clone", "--quiet", world.Forge.GitUrl(DemoWorld.ModelRepository), folder)).OrThrow();
        if (refName.StartsWith("refs/heads/", StringComparison.Ordinal))
            (await world.GitAsync(folder, "checkout", "--quiet", "-B", refName["refs/heads/".Length..], sha)).OrThrow();
        else
            (await world.GitAsync(folder, "checkout", "--quiet", "--detach", sha)).OrThrow();
        return new JobRun(world, folder, world.JobEnvironment(sha, refName, eventName, eventPath, trusted, run, mayWrite), run);
    }
}
