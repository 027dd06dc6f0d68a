using System.Text.Json.Nodes;

namespace Ci.Build.Demo;

/// <summary>From an accepted proposal to a production channel: merge, release, and promotion by branch merges.</summary>
internal sealed class Delivery(DemoWorld world)
{
    /// <summary>The maintainer merges; the forge must agree.</summary>
    public async Task MergeAsync(int number)
    {
        var pull = await world.Api.PullAsync(DemoWorld.ModelRepository, number);
        var (status, answer) = await world.Api.MergeAsync(DemoWorld.ModelRepository, number, (string)pull["head"]!["sha"]!);
        if (status != 200)
            throw new BuildException($"the forge refused to merge pull request {number}: {status} {answer?.ToJsonString()}");
    }

    /// <summary>The trusted job on main: signs a release of the very files that were judged, and gives it to development.</summary>
    /// <param name="golden">Options that say where the golden set comes from.</param>
    public async Task<Release> ReleaseAsync(string version, string golden)
    {
        var job = await JobRun.ForPushAsync(world, "main");
        await job.MlopsAsync("pull");
        await job.MlopsAsync("release fetch --environment production --out baseline/");
        await job.MlopsAsync("compare --candidate evaluation.json --baseline baseline/evaluation.json --gates gates.yaml --out verdict.json", 4);
        await job.MlopsAsync($"release create --model model.onnx --evaluation evaluation.json --predictions predictions.csv.gz --verdict verdict.json {golden} --version {version} --out release/");
        await job.MlopsAsync("release verify release/");
        await job.MlopsAsync("promote apply --environment development --release release/");
        var release = job.Json("release/release.json");
        var model = release["artifacts"]!.AsArray().Single(artifact => (string?)artifact!["role"] == "model")!;
        return new Release(version, (string)release["id"]!, (string)model["sha256"]!, job.Folder);
    }

    /// <summary>Prepared commit, pull request, required check, merge; then, where asked, apply.</summary>
    public async Task PromoteAsync(string environment, Func<Task>? beforeApply = null)
    {
        var source = environment == "staging" ? "main" : "staging";
        var opener = await JobRun.ForPushAsync(world, source);
        var opened = JsonNode.Parse((await opener.MlopsAsync($"promote open --to {environment} --json")).Output)!;
        var number = (int)opened["number"]!;
        var checker = await JobRun.ForPullRequestAsync(world, await world.Api.PullAsync(DemoWorld.ModelRepository, number));
        await checker.MlopsAsync($"promote check --pull-request {number}");
        await this.MergeAsync(number);
        if (beforeApply is not null)
            await beforeApply();
        var applier = await JobRun.ForPushAsync(world, environment);
        await applier.MlopsAsync($"promote apply --environment {environment}");
    }

    /// <summary>What the production channel asks devices for, read from the deploy repository: release id, and its model's digest.</summary>
    public async Task<(string Release, string ModelSha256)> ChannelAsync()
    {
        var repository = world.Forge.Repository(DemoWorld.DeployRepository).Path;
        var channel = JsonNode.Parse((await world.GitAsync(repository, "show", $"main:channels/production/{DemoWorld.Model}.json")).OrThrow().Output)!;
        var id = (string)channel["release"]!;
        var release = JsonNode.Parse((await world.GitAsync(repository, "show", $"main:releases/{DemoWorld.Model}/{id}.json")).OrThrow().Output)!;
        return (id, (string)release["artifacts"]!.AsArray().Single(artifact => (string?)artifact!["role"] == "model")!["sha256"]!);
    }

    /// <summary>A release as the demo follows it.</summary>
    internal sealed record Release(string Version, string Id, string ModelSha256, string Folder);
}
