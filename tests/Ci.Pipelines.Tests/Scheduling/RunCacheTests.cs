using Ci.Data;
using Ci.Pipelines.Tests;
using Ci.Storage.FileSystem;

namespace Ci.Pipelines.Scheduling.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RunCacheTests
{
    private const string Copy = "stages:\n  a: {cmd: cp in out, deps: [in], outs: [out]META}\n";

    [Fact]
    public async Task A_stage_that_declares_nothing_more_is_recorded_as_DVC_records_it()
    {
        using var fixture = new DvcFixture("runcache/tree");
        var expected = Entries(fixture.Original);
        Assert.Contains(expected.Keys, k => k.StartsWith("runs/", StringComparison.Ordinal));
        var stages = Pipeline.Load(fixture.Open()).Stages;
        var runs = new RunCache(fixture.Open());
        // Every entry of the real tool is believed: key and value hash to what it named them.
        var seen = stages.SelectMany(s => runs.Kin(s, 1000)).Select(k => k.Run).ToList();
        Assert.Equal(expected.Count, seen.Count);
        foreach (var (key, _) in expected)
            File.Delete(fixture.Of(".dvc/cache/" + key));
        foreach (var stage in stages)
            seen.Where(r => r.Outputs.Select(o => o.Path).SequenceEqual(stage.Outputs.Select(o => o.Path)) && StageInputs.Same(r.Command, StageInputs.Command(stage))).ToList().ForEach(r => runs.Put(stage, r, RunKeyParts.None));
        Assert.Equal(expected.Where(e => Entries(fixture.Root).ContainsKey(e.Key)), Entries(fixture.Root));
        Assert.NotEmpty(Entries(fixture.Root));
    }

    [Fact]
    public async Task Data_that_is_kept_out_of_the_cache_keeps_the_run_out_too_but_metrics_do_not()
    {
        using var world = new World("stages:\n  data: {cmd: cp in o, deps: [in], outs: [o: {cache: false}]}\n  metric: {cmd: cp in m, deps: [in], metrics: [m: {cache: false}]}\n");
        world.Write("in", "1");
        await world.ReproAsync();
        Assert.Single(Entries(world.Root));
        world.Write("in", "2");
        await world.ReproAsync();
        world.Write("in", "1");
        Assert.Equal("data:Ran metric:Reused", await world.OutcomesAsync());
        Assert.Equal("1", world.Read("m"));
    }

    [Fact]
    public async Task A_declared_variable_is_a_part_of_the_key_and_its_value_is_written_nowhere()
    {
        using var world = new World(Copy.Replace("META", ", meta: {env: [TOKEN]}", StringComparison.Ordinal));
        world.Write("in", "1");
        Assert.Equal("a:Ran", await world.OutcomesAsync(With(world, "TOKEN", "secret-one")));
        Assert.Equal("a:Unchanged", await world.OutcomesAsync(With(world, "TOKEN", "secret-one")));
        Assert.Equal("a:Ran", await world.OutcomesAsync(With(world, "TOKEN", "secret-two")));
        Assert.Equal("a:Ran", await world.OutcomesAsync());
        Assert.Equal("a:Reused", await world.OutcomesAsync(With(world, "TOKEN", "secret-one")));
        Assert.Equal(3, Entries(world.Root).Count);
        Assert.All(Entries(world.Root), e => Assert.StartsWith("mlops-runs/", e.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(world.Root, "*", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains("secret", StringComparison.Ordinal));
        Assert.Contains("run: ", world.Read("mlops.lock"), StringComparison.Ordinal);
        // DVC's own lock holds nothing that DVC does not know.
        Assert.DoesNotContain("TOKEN", world.Read("dvc.lock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_another_tool_wrote_says_nothing_about_the_environment_so_the_stage_is_not_up_to_date()
    {
        using var world = new World(Copy.Replace("META", ", meta: {env: [TOKEN]}", StringComparison.Ordinal));
        world.Write("in", "1");
        await world.ReproAsync(With(world, "TOKEN", "1"));
        File.Delete(world.Of("mlops.lock"));
        Assert.Equal("a:Reused", await world.OutcomesAsync(With(world, "TOKEN", "1")));
        Assert.True(File.Exists(world.Of("mlops.lock")));
    }

    [Fact]
    public async Task The_image_is_a_part_of_the_key_and_another_kind_of_GPU_reuses_nothing_but_is_no_reason_to_run()
    {
        var (one, two) = ($"sha256:{new string('1', 64)}", $"sha256:{new string('2', 64)}");
        using var world = new World(Copy.Replace("META", ", meta: {image: job}", StringComparison.Ordinal));
        world.Write("in", "1");
        Assert.Equal("a:Ran", await world.OutcomesAsync(With(world, StageNeeds.ImageVariable, one)));
        Assert.Equal("a:Ran", await world.OutcomesAsync(With(world, StageNeeds.ImageVariable, two)));
        Assert.Equal("a:Reused", await world.OutcomesAsync(With(world, StageNeeds.ImageVariable, one)));
        Assert.Contains("must be the image's digest", (await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync(With(world, StageNeeds.ImageVariable, "latest")))).Message, StringComparison.Ordinal);

        world.Write("dvc.yaml", Copy.Replace("META", ", meta: {accelerator: true}", StringComparison.Ordinal));
        Assert.Equal("a:Unchanged", await world.OutcomesAsync());
        world.Write("in", "2");
        Assert.Equal("a:Ran", await world.OutcomesAsync());
        world.Write("in", "1");
        Assert.Equal("a:Ran", await world.OutcomesAsync(world.Options with { Accelerator = "NVIDIA H100" }));
        world.Write("in", "2");
        Assert.Equal("a:Reused", await world.OutcomesAsync(world.Options with { Accelerator = "cpu" }));
    }

    [Fact]
    public async Task An_entry_that_was_tampered_with_is_not_believed()
    {
        using var world = new World(Copy.Replace("META", "", StringComparison.Ordinal));
        world.Write("in", "1");
        await world.ReproAsync();
        world.Write("in", "2");
        await world.ReproAsync();
        world.Write("in", "1");
        foreach (var (key, text) in Entries(world.Root))
            world.Write(".dvc/cache/" + key, text.Replace("size: 1\n", "size: 1\n  isexec: true\n", StringComparison.Ordinal));
        world.Write($".dvc/cache/{Entries(world.Root).Keys.First()[..^3]}abc", "{");
        Assert.Equal("a:Ran", await world.OutcomesAsync());
    }

    [Fact]
    public async Task Runs_travel_to_a_remote_and_what_does_not_belong_there_is_left()
    {
        using var world = new World(Copy.Replace("META", ", meta: {env: [TOKEN]}", StringComparison.Ordinal));
        world.Write("in", "1");
        await world.ReproAsync();
        var remote = new FolderBlobStore(world.Of("remote"));
        var cache = world.Of(".dvc/cache");
        Assert.Equal((1, 0), (await new RunTransfer(cache, remote).PushAsync(), await new RunTransfer(cache, remote).PushAsync()));
        world.Write("remote/runs/ab/evil", "x");
        world.Write("remote/mlops-runs/zz/also", "x");
        Directory.Delete(world.Of(".dvc/cache/mlops-runs"), recursive: true);
        Assert.Equal((1, 0), (await new RunTransfer(cache, remote).FetchAsync(), await new RunTransfer(cache, remote).FetchAsync()));
        world.Write("in", "2");
        await world.ReproAsync();
        world.Write("in", "1");
        Assert.Equal("a:Reused", await world.OutcomesAsync());
    }

    private static ReproOptions With(World world, string name, string value) => world.Options with { Environment = new Dictionary<string, string>(Run.Environment) { [name] = value } };

    private static SortedDictionary<string, string> Entries(string root)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var cache = Path.Combine(root, ".dvc", "cache");
        foreach (var folder in new[] { "runs", "mlops-runs" }.Select(f => Path.Combine(cache, f)).Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                entries[Path.GetRelativePath(cache, file)] = File.ReadAllText(file);
        }

        return entries;
    }
}
