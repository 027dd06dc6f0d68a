using Ci.Pipelines.Tests;

namespace Ci.Pipelines.Scheduling.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class WhyTests : IDisposable
{
    private const string Yaml = """
        stages:
          prepare: {cmd: cp raw data, deps: [raw], outs: [data]}
          train:
            cmd: cp data model
            deps: [data]
            params: [lr]
            outs: [model]
            meta: {env: [SEED]}
        """;

    private readonly World world = new(Yaml);

    public WhyTests()
    {
        this.world.Write("raw", "1");
        this.world.Write("params.yaml", "lr: 0.1\n");
    }

    public void Dispose() => this.world.Dispose();

    [Fact]
    public async Task A_stage_that_never_ran_and_one_that_is_up_to_date_say_so()
    {
        Assert.Equal("never_run", Parts(await this.world.WhyAsync("prepare")));
        await this.world.ReproAsync();
        var why = await this.world.WhyAsync("train");
        Assert.Equal((StageFate.Skip, ""), (why.Fate, Parts(why)));
    }

    [Fact]
    public async Task A_changed_command_parameter_dependency_or_variable_is_named_with_old_and_new()
    {
        await this.world.ReproAsync();
        this.world.Write("params.yaml", "lr: 0.2\n");
        this.world.Write("data", "other");
        this.world.Write("dvc.yaml", Yaml.Replace("cp data model", "cp -f data model", StringComparison.Ordinal));
        var why = await this.world.WhyAsync("train", this.With("SEED", "7"));
        Assert.Equal("command dependency:data parameter:params.yaml:lr environment:SEED", Parts(why));
        Assert.Equal(("cp data model", "cp -f data model"), (why.Reasons[0].Old, why.Reasons[0].New));
        Assert.Equal("prepare", why.Reasons[1].Maker);
        Assert.Equal(("c4ca4238a0b923820dcc509a6f75849b", "795f3202b17cb6bc3d4b771d8c6c9eaf"), (why.Reasons[1].Old, why.Reasons[1].New));
        Assert.Equal(("0.1", "0.2"), (why.Reasons[2].Old, why.Reasons[2].New));
        Assert.Equal("new", why.Reasons[3].State);
        Assert.Equal(["prepare"], why.StaleNeeds);
        Assert.Equal(StageFate.Run, why.Fate);
    }

    [Fact]
    public async Task A_lost_or_changed_output_would_be_put_back_from_the_cache()
    {
        await this.world.ReproAsync();
        File.Delete(this.world.Of("model"));
        var why = await this.world.WhyAsync("train");
        Assert.Equal((StageFate.Reuse, "output:model", "deleted"), (why.Fate, Parts(why), why.Reasons[0].State));
        this.world.Write("model", "by hand");
        Assert.Equal("modified", (await this.world.WhyAsync("train")).Reasons.Single().State);
    }

    [Fact]
    public async Task Of_earlier_runs_the_one_with_these_inputs_is_reused_and_else_the_nearest_is_shown()
    {
        await this.world.ReproAsync();
        this.world.Write("params.yaml", "lr: 0.2\n");
        await this.world.ReproAsync();
        this.world.Write("params.yaml", "lr: 0.1\n");
        Assert.Equal(StageFate.Reuse, (await this.world.WhyAsync("train")).Fate);
        this.world.Write("params.yaml", "lr: 0.3\n");
        var why = await this.world.WhyAsync("train");
        Assert.Equal(("parameter", "params.yaml:lr", "0.3"), (why.Nearest!.Single().Part, why.Nearest!.Single().Name, why.Nearest!.Single().New));
        var elsewhere = await this.world.WhyAsync("train", this.With("SEED", "1"));
        Assert.Contains(elsewhere.Nearest!, n => n.Part == "environment");
    }

    [Fact]
    public async Task What_cannot_run_or_always_runs_or_is_frozen_is_told_apart()
    {
        await this.world.ReproAsync();
        File.Delete(this.world.Of("raw"));
        Assert.Equal(StageFate.Fail, (await this.world.WhyAsync("prepare")).Fate);
        this.world.Write("dvc.yaml", "stages:\n  a: {cmd: echo > o, outs: [o], always_changed: true}\n  p: {cmd: echo > p, deps: [params.yaml], outs: [p: {persist: true}]}\n");
        await this.world.ReproAsync();
        var why = await this.world.WhyAsync("a");
        Assert.Equal((StageFate.Run, "always_changed"), (why.Fate, Parts(why)));
        Assert.NotNull(why.NoReuse);
        this.world.Write("params.yaml", "lr: 9\n");
        Assert.Contains("persists", (await this.world.WhyAsync("p")).NoReuse, StringComparison.Ordinal);
        this.world.Write("dvc.yaml", "stages:\n  p: {cmd: echo > p, deps: [params.yaml], outs: [p: {persist: true}], frozen: true}\n");
        Assert.Equal(StageFate.Skip, (await this.world.WhyAsync("p")).Fate);
        this.world.Write("p", "by hand");
        Assert.Equal(StageFate.Verify, (await this.world.WhyAsync("p")).Fate);
    }

    [Fact]
    public async Task Another_image_or_accelerator_is_named()
    {
        var digest = $"python@sha256:{new string('a', 64)}";
        this.world.Write("dvc.yaml", $"stages:\n  a: {{cmd: cp raw o, deps: [raw], outs: [o], meta: {{image: {digest}, accelerator: true}}}}\n");
        await this.world.ReproAsync();
        this.world.Write("dvc.yaml", this.world.Read("dvc.yaml").Replace("aaaa", "bbbb", StringComparison.Ordinal));
        var why = await this.world.WhyAsync("a", this.world.Options with { Accelerator = "NVIDIA H100" });
        Assert.Equal(("image", digest), (Parts(why), why.Reasons[0].Old));
        Assert.Equal("image accelerator", string.Join(' ', why.Nearest!.Select(n => n.Part)));
        Assert.Equal(("cpu", "NVIDIA H100"), (why.Nearest![1].Old, why.Nearest![1].New));
    }

    private static string Parts(StageReasons why) => string.Join(' ', why.Reasons.Select(r => r.Name.Length == 0 ? r.Part : $"{r.Part}:{r.Name}"));

    private ReproOptions With(string name, string value) => this.world.Options with { Environment = new Dictionary<string, string>(Run.Environment) { [name] = value } };
}
