using System.Text.Json.Nodes;
using Ci.Build.Tools;

namespace Ci.Build.Demo;

/// <summary>One CI job: a fresh clone at one commit and the environment that the forge would give it.</summary>
internal sealed class JobRun
{
    private static long lastRun = 7_000;

    private readonly DemoWorld world;
    private readonly Dictionary<string, string?> environment;

    private JobRun(DemoWorld world, string folder, Dictionary<string, string?> environment)
    {
        (this.world, this.Folder, this.environment) = (world, folder, environment);
    }

    public string Folder { get; }

    /// <summary>A job of a pull request: it sees no signing key.</summary>
    public static async Task<JobRun> ForPullRequestAsync(DemoWorld world, JsonNode pull, bool trusted = false)
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
        return await StartAsync(world, sha, $"refs/pull/{number}/merge", "pull_request", payload, trusted);
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

    private static async Task<JobRun> StartAsync(DemoWorld world, string sha, string refName, string eventName, JsonObject payload, bool trusted)
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
        return new JobRun(world, folder, world.JobEnvironment(sha, refName, eventName, eventPath, trusted, run));
    }
}
