using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ci.Build.Tools;

namespace Ci.Build.Demo;

/// <summary>The person who works on the model: a clone, a branch, a pull request; then the job that the forge would start.</summary>
internal sealed class Author(DemoWorld world)
{
    private string Folder => Path.Combine(world.Folder, "author");

    /// <summary>Scaffolds both repositories from their templates and pushes them: the forge protects the three branches.</summary>
    public async Task ScaffoldAsync()
    {
        await this.PushTemplateAsync("deploy-repository", DemoWorld.DeployRepository, Path.Combine(world.Folder, "deploy-author"), ["main"]);
        await this.PushTemplateAsync("energy-load", DemoWorld.ModelRepository, this.Folder, ["main", "staging", "production"]);
        var repository = world.Forge.Repository(DemoWorld.ModelRepository);
        repository.Protect("main", "mlops/verdict");
        repository.Protect("staging", "mlops/promotion");
        repository.Protect("production", "mlops/promotion");
        (await world.GitAsync(this.Folder, "remote", "set-head", "origin", "main")).OrThrow();
    }

    /// <summary>One change of params.yaml, trained here, proposed as a pull request, and judged by the job of that pull request.</summary>
    public async Task<Proposal> ProposeAsync(string version, string title, Func<string, string> edit)
    {
        var branch = $"try/{version}";
        (await world.GitAsync(this.Folder, "fetch", "--quiet", "origin")).OrThrow();
        (await world.GitAsync(this.Folder, "checkout", "--quiet", "-B", branch, "origin/main")).OrThrow();
        var parameters = Path.Combine(this.Folder, "params.yaml");
        var before = await File.ReadAllTextAsync(parameters);
        await File.WriteAllTextAsync(parameters, edit(before));
        (await this.MlopsAsync("repro")).OrThrow();
        (await world.GitAsync(this.Folder, "add", "--all")).OrThrow();
        (await world.GitAsync(this.Folder, "commit", "--quiet", "-m", title)).OrThrow();
        (await this.MlopsAsync("push")).OrThrow();
        (await world.GitAsync(this.Folder, "push", "--quiet", "origin", branch)).OrThrow();
        var trained = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(this.Folder, "model.onnx"))));
        var pull = await world.Api.OpenAsync(DemoWorld.ModelRepository, title, branch, "main");
        return await this.JudgeAsync(version, (int)pull["number"]!, trained);
    }

    // The steps of templates/energy-load/.github/workflows/evaluate.yml and report.yml, one for one.
    private async Task<Proposal> JudgeAsync(string version, int number, string trained)
    {
        var pull = await world.Api.PullAsync(DemoWorld.ModelRepository, number);
        var job = await JobRun.ForPullRequestAsync(world, pull, mayWrite: false);
        await job.MlopsAsync("pull");
        await job.MlopsAsync("repro");
        var compare = await job.MlopsAsync("compare --candidate evaluation.json --baseline auto --gates gates.yaml --out verdict.json", 3, 4);
        await job.MlopsAsync("report --evaluation evaluation.json --verdict verdict.json --baseline auto --data-check data-check.json --out report/");
        await job.MlopsAsync("report bundle --out bundle/bundle.zip");
        await this.ReportAsync(pull, job);
        var comment = world.Forge.Comments(DemoWorld.ModelRepository).Single(c => c.PullRequest == number).Body;
        var outcome = compare.ExitCode switch { 0 => "pass", 3 => "regress", _ => "inconclusive" };
        return new Proposal(version, number, (string)pull["head"]!["sha"]!, outcome, trained, job.Json("evaluation.json"), comment, job);
    }

    // The job that may write sees of the other one nothing but its bundle.
    private async Task ReportAsync(JsonNode pull, JobRun evaluated)
    {
        var job = await JobRun.ForFinishedRunAsync(world, pull, evaluated);
        await job.MlopsAsync("report begin");
        await job.MlopsAsync("report post --bundle bundle/bundle.zip --key energy-load --out report/");
        await job.MlopsAsync("report abort");
    }

    private Task<ProcessResult> MlopsAsync(string verb) => Shell.RunAsync(world.Context.Mlops, [verb], this.Folder, world.PersonEnvironment());

    private async Task PushTemplateAsync(string template, string repository, string folder, string[] branches)
    {
        world.Forge.CreateRepository(repository);
        (await Shell.RunAsync(world.Context.Mlops, ["new", template, folder], world.Folder, world.PersonEnvironment())).OrThrow();
        (await world.GitAsync(folder, "init", "--quiet", "--initial-branch=main")).OrThrow();
        if (template == "energy-load")
            await File.WriteAllTextAsync(Path.Combine(folder, ".dvc", "config"), $"[core]\n    analytics = false\n    remote = storage\n['remote \"storage\"']\n    url = {Path.Combine(world.Folder, "remote")}\n");
        (await world.GitAsync(folder, "add", "--all")).OrThrow();
        (await world.GitAsync(folder, "commit", "--quiet", "-m", $"Begin from the template {template}")).OrThrow();
        (await world.GitAsync(folder, "remote", "add", "origin", world.Forge.GitUrl(repository))).OrThrow();
        foreach (var branch in branches)
            (await world.GitAsync(folder, "push", "--quiet", "origin", $"main:refs/heads/{branch}")).OrThrow();
    }
}
