using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.Pipelines.Scheduling.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class StopTests
{
    [Fact]
    public async Task Stopping_asks_commands_to_end_and_gives_them_time_to_clean_up()
    {
        using var world = new World("""
            stages:
              a:
                cmd: "trap 'echo cleaned > cleaned; exit 7' INT; echo begun; while :; do sleep 0.05; done"
                outs: [a]
            """);
        await StopAsync(world, world.Options with { StopSignal = () => PosixSignal.SIGINT });
        Assert.Equal("cleaned\n", world.Read("cleaned"));
        Assert.False(File.Exists(world.Of("dvc.lock")));
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_killed_with_all_that_it_started()
    {
        using var world = new World("""
            stages:
              a:
                cmd: "trap '' INT TERM; (trap '' INT TERM; sh -c 'echo $$ > inner; while :; do sleep 0.1; done') & echo begun; while :; do sleep 0.1; done"
                outs: [a]
            """);
        await StopAsync(world, world.Options with { Grace = TimeSpan.FromMilliseconds(300) });
        Assert.False(Lives(world, "inner"), "a grandchild is still running");
    }

    [Fact]
    public async Task A_second_request_does_not_wait_for_the_grace()
    {
        using var world = new World("stages:\n  a: {cmd: \"trap '' TERM; echo begun; while :; do sleep 0.1; done\", outs: [a]}\n");
        using var now = new CancellationTokenSource();
        now.CancelAfter(TimeSpan.FromSeconds(1));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await StopAsync(world, world.Options with { Grace = TimeSpan.FromMinutes(5), KillNow = now.Token });
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"it took {watch.Elapsed}");
    }

    [Fact]
    public async Task An_orphan_that_left_its_parent_dies_too()
    {
        using var world = new World("stages:\n  a: {cmd: \"(sh -c 'echo $$ > inner; exec sleep 60' &) ; until [ -s inner ]; do sleep 0.02; done; echo begun; exec sleep 60\", outs: [a]}\n");
        await StopAsync(world, world.Options);
        Assert.False(Lives(world, "inner"), "the orphan is still running");
    }

    [Fact]
    public async Task What_had_ended_before_is_recorded_and_the_next_run_goes_on_from_there()
    {
        using var world = new World("stages:\n  first: {cmd: echo 1 > f, outs: [f]}\n  slow: {cmd: 'echo half > s; echo begun; [ -e go ] || sleep 60', deps: [f], outs: [s]}\n");
        await StopAsync(world, world.Options);
        Assert.Contains("first:", world.Read("dvc.lock"), StringComparison.Ordinal);
        Assert.DoesNotContain("slow:", world.Read("dvc.lock"), StringComparison.Ordinal);
        world.Write("go", "");
        Assert.Equal("first:Unchanged slow:Ran", await world.OutcomesAsync());
    }

    [Fact]
    public async Task A_run_keeps_its_log_and_a_failure_names_it()
    {
        using var world = new World("stages:\n  a@b: {cmd: 'echo out; echo err >&2; exit 4', outs: [a]}\n");
        var error = await Assert.ThrowsAsync<StageFailedException>(() => world.ReproAsync());
        Assert.StartsWith(".dvc/tmp/mlops-logs/a@b/", error.Log, StringComparison.Ordinal);
        Assert.Contains($"its whole output: {error.Log}", error.Message, StringComparison.Ordinal);
        Assert.Equal(["err", "out"], error.LastLines.Order(StringComparer.Ordinal));
        var log = world.Read(error.Log!);
        Assert.Contains("# > echo out; echo err >&2; exit 4\n", log, StringComparison.Ordinal);
        Assert.EndsWith("# ended with exit code 4\n", log, StringComparison.Ordinal);
        Assert.Equal((false, true), (world.Events.Single(e => e.Text == "out").IsError, world.Events.Single(e => e.Text == "err").IsError));
    }

    [Fact]
    public async Task Logs_are_few_and_bounded_and_keep_beginning_and_end()
    {
        using var world = new World("stages:\n  a: {cmd: 'seq 1 1000000', always_changed: true}\n");
        await world.ReproAsync();
        var log = Directory.EnumerateFiles(world.Of(".dvc/tmp/mlops-logs/a")).Single();
        Assert.InRange(new FileInfo(log).Length, 4 << 20, 6 << 20);
        var lines = await File.ReadAllLinesAsync(log);
        Assert.Contains("1", lines);
        Assert.Equal("1000000", lines[^2]);
        Assert.Contains(lines, l => l.EndsWith("lines are left out here", StringComparison.Ordinal));
        world.Write("dvc.yaml", "stages:\n  a: {cmd: echo, always_changed: true}\n");
        for (var i = 0; i < 7; i++)
            await world.ReproAsync();
        Assert.Equal(5, Directory.EnumerateFiles(world.Of(".dvc/tmp/mlops-logs/a")).Count());
    }

    [Fact]
    public async Task A_line_without_end_comes_in_pieces_and_progress_bars_line_by_line()
    {
        var reader = new LineReader(new StringReader(new string('x', LineReader.MostCharacters + 5) + "\na\r\nb\rc\n\nlast"));
        var lines = new List<string>();
        while (await reader.NextAsync(CancellationToken.None) is { } line)
            lines.Add(line);
        Assert.Equal([LineReader.MostCharacters, 5, 1, 1, 1, 0, 4], lines.Select(l => l.Length));
    }

    private static async Task StopAsync(World world, ReproOptions options)
    {
        using var stop = new CancellationTokenSource();
        var running = new Reproducer(world.Load(), options, TimeProvider.System, e =>
        {
            if (e.Text == "begun")
                stop.Cancel();
        }).RunAsync(stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(40)));
    }

    private static bool Lives(World world, string file)
    {
        var id = int.Parse(world.Read(file).Trim(), CultureInfo.InvariantCulture);
        return Directory.Exists($"/proc/{id}") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
    }
}
