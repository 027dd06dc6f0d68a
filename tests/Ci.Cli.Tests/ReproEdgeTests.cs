namespace Ci.Cli.Tests;

/// <summary>Faults of <c>repro</c> that projects beside the fixtures showed.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ReproEdgeTests
{
    private const string TwoStages = "stages:\n  one: {cmd: echo 1 > a, outs: [a]}\n  two: {cmd: echo 2 > b, outs: [b]}\n";

    [Fact]
    public async Task A_dry_forced_run_names_every_stage()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", TwoStages);
        var said = await world.OkAsync("repro", "--dry", "--force");
        Assert.Contains("Running stage 'one'", said, StringComparison.Ordinal);
        Assert.Contains("Running stage 'two'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_may_lie_in_a_folder_that_its_command_makes()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", "stages:\n  one: {cmd: mkdir -p made/deep && echo 1 > made/deep/a, outs: [made/deep/a]}\n");
        await world.OkAsync("repro");
        Assert.Equal("1\n", world.Read("r/made/deep/a"));
    }

    [Fact]
    public async Task Outputs_that_only_the_cache_lost_are_kept_again_without_a_run()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/in", "1\n");
        world.Write("r/dvc.yaml", "stages:\n  one: {cmd: cp in a && echo ran >> log, deps: [in], outs: [a]}\n");
        await world.OkAsync("repro");
        Directory.Delete(world.Of("r", ".dvc", "cache"), recursive: true);
        Assert.Contains("not in cache", await world.OkAsync("status"), StringComparison.Ordinal);
        await world.OkAsync("repro");
        Assert.Equal("ran\n", world.Read("r/log"));
        Assert.Contains("up to date", await world.OkAsync("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stages_and_files_are_named_as_seen_from_a_subfolder()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", "stages:\n  root: {cmd: echo 1 > a, outs: [a]}\n");
        world.Write("r/sub/dvc.yaml", "stages:\n  inner: {cmd: cp ../a b, deps: [../a], outs: [b]}\n");
        world.Here = "r/sub";
        var said = await world.OkAsync("repro");
        Assert.Contains("Running stage '../dvc.yaml:root':", said, StringComparison.Ordinal);
        Assert.Contains("Running stage 'inner':", said, StringComparison.Ordinal);
        Assert.Contains("git add ../.gitignore ../dvc.lock", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Integers_beyond_doubles_differ_exactly_and_whole_fractions_keep_their_point()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/m.json", """{"n": 12345678901234567890, "f": 1.0}""");
        world.Write("r/dvc.yaml", "metrics: [m.json]\n");
        await world.CommitAsync("First");
        world.Write("r/m.json", """{"n": 12345678901234567891, "f": 2.0}""");
        var said = await world.OkAsync("metrics", "diff", "--json");
        Assert.Contains("\"diff\": 1\n", said, StringComparison.Ordinal);
        Assert.Contains("\"new\": 2.0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_object_is_told_by_whichever_verb_finds_it()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/a", "1\n");
        await world.OkAsync("add", "a");
        var stored = Directory.EnumerateFiles(world.Of("r", ".dvc", "cache", "files", "md5"), "*", SearchOption.AllDirectories).Single();
        File.SetUnixFileMode(stored, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(stored, "2\n");
        File.Delete(world.Of("r", "a"));
        var (code, _, error) = await world.RunAsync("checkout");
        Assert.NotEqual(0, code);
        Assert.Contains("was damaged and is not used", error, StringComparison.Ordinal);
        Assert.True(File.Exists(stored + ".corrupt"));
    }
}
