namespace Ci.Pipelines.Scheduling.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SchedulerTests
{
    // Each of the two ends only when the other one has begun.
    private const string Meeting = """
        stages:
          a: {cmd: 'touch a.on; until [ -e b.on ]; do sleep 0.02; done; echo 1 > a', outs: [a]}
          b: {cmd: 'touch b.on; until [ -e a.on ]; do sleep 0.02; done; echo 2 > b', outs: [b]}
        """;

    [Fact]
    public async Task Stages_that_do_not_need_each_other_run_at_the_same_time()
    {
        using var world = new World(Meeting);
        Assert.Equal("a:Ran b:Ran", await world.OutcomesAsync(world.Options with { Jobs = 2 }));
    }

    [Fact]
    public async Task With_one_job_they_run_one_after_the_other_in_the_pipelines_order()
    {
        using var world = new World("stages:\n" + string.Concat("cab".Select(c => $"  {c}: {{cmd: 'mkdir only && sleep 0.1 && rmdir only && echo {c} | tee -a seen > {c}', outs: [{c}]}}\n")));
        await world.ReproAsync(world.Options with { Jobs = 1 });
        Assert.Equal("c\na\nb\n", world.Read("seen"));
        Assert.Equal(["c", "a", "b"], world.Live.Where(e => e.Kind == ReproEventKind.Running).Select(e => e.Stage));
    }

    [Fact]
    public async Task What_lies_on_the_longest_way_begins_first()
    {
        using var world = new World("""
            stages:
              short: {cmd: echo > s, outs: [s]}
              long1: {cmd: echo > l1, outs: [l1]}
              long2: {cmd: echo > l2, deps: [l1], outs: [l2]}
              long3: {cmd: echo > l3, deps: [l2], outs: [l3]}
              other: {cmd: echo > o, outs: [o]}
            """);
        await world.ReproAsync(world.Options with { Jobs = 2 });
        Assert.Equal("long1", world.Live.First(e => e.Kind == ReproEventKind.Running).Stage);
    }

    [Fact]
    public async Task What_is_told_and_written_is_the_same_whichever_stage_ends_first()
    {
        // The first takes longest, the last no time.
        using var world = new World("stages:\n" + string.Concat(Enumerable.Range(0, 4).Select(i => $"  s{i}: {{cmd: 'echo from {i}; sleep 0.{4 - i}; echo {i} > o{i}', outs: [o{i}]}}\n")));
        Directory.CreateDirectory(world.Of(".git"));
        await world.ReproAsync();
        Assert.Equal("s0 s1 s2 s3", string.Join(' ', world.Events.Where(e => e.Kind == ReproEventKind.Ran).Select(e => e.Stage)));
        Assert.Equal("s3 s2 s1 s0", string.Join(' ', world.Live.Where(e => e.Kind == ReproEventKind.Ran).Select(e => e.Stage)));
        Assert.Equal(world.Events.Select(e => e.Stage), world.Events.Select(e => e.Stage).Order(StringComparer.Ordinal));
        Assert.Equal("/o0\n/o1\n/o2\n/o3\n", world.Read(".gitignore"));
        Assert.Equal(["  s0:", "  s1:", "  s2:", "  s3:"], world.Read("dvc.lock").Split('\n').Where(l => l.StartsWith("  s", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failure_lets_what_runs_end_and_be_recorded_but_nothing_new_begins()
    {
        using var world = new World("""
            stages:
              bad: {cmd: 'until [ -e g.on ]; do sleep 0.02; done; exit 3', outs: [b]}
              good: {cmd: 'touch g.on; sleep 0.5; echo 1 > g', outs: [g]}
              after: {cmd: cp g h, deps: [g], outs: [h]}
            """);
        var error = await Assert.ThrowsAsync<StageFailedException>(() => world.ReproAsync());
        Assert.Equal(("bad", 3), (error.Stage, error.ExitCode));
        Assert.Equal("bad:Failed good:Ran", Outcomes(world));
        Assert.Contains("good:", world.Read("dvc.lock"), StringComparison.Ordinal);
        Assert.DoesNotContain("bad:", world.Read("dvc.lock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeping_going_skips_only_what_depends_on_the_failure()
    {
        using var world = new World("""
            stages:
              bad: {cmd: exit 3, outs: [b]}
              lost: {cmd: cp b c, deps: [b], outs: [c]}
              lost2: {cmd: cp c d, deps: [c], outs: [d]}
              good: {cmd: echo 1 > g, outs: [g]}
              after: {cmd: cp g h, deps: [g], outs: [h]}
            """);
        var error = await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync(world.Options with { OnFailure = OnFailure.KeepGoing }));
        Assert.Equal("failed to reproduce 'bad'", error.Message);
        Assert.Equal("bad:Failed lost:Skipped lost2:Skipped good:Ran after:Ran", Outcomes(world));
        Assert.All(world.Events.Where(e => e.Kind == ReproEventKind.Skipped), e => Assert.Equal("bad", e.Text));
    }

    [Fact]
    public async Task Ignoring_errors_goes_on_with_everything_and_ends_well()
    {
        using var world = new World("stages:\n  bad: {cmd: 'echo x > b; exit 3', outs: [b]}\n  next: {cmd: cp b c, deps: [b], outs: [c]}\n");
        Assert.True(await world.ReproAsync(world.Options with { OnFailure = OnFailure.Ignore }));
        Assert.Equal("bad:Failed next:Ran", Outcomes(world));
    }

    [Fact]
    public async Task A_stage_waits_for_memory_that_others_were_promised_and_says_so()
    {
        var half = (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2) + 1024;
        using var world = new World("stages:\n" + string.Concat("ab".Select(c => $"  {c}: {{cmd: 'mkdir only && sleep 0.2 && rmdir only && echo {c} > {c}', outs: [{c}], meta: {{resources: {{memory: {half}}}}}}}\n")));
        await world.ReproAsync();
        var waits = Assert.Single(world.Live, e => e.Kind == ReproEventKind.Waiting);
        Assert.Equal("b", waits.Stage);
        Assert.Contains("promised to `a`", waits.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_wants_more_memory_than_the_machine_has_is_refused_and_one_that_wants_more_processors_runs_alone()
    {
        using var world = new World("stages:\n  big: {cmd: echo 1 > b, outs: [b], meta: {resources: {memory: 900TiB}}}\n");
        Assert.Contains("wants 921600 GiB of memory, and this machine has", (await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync())).Message, StringComparison.Ordinal);
        world.Write("dvc.yaml", "stages:\n" + string.Concat("ab".Select(c => $"  {c}: {{cmd: 'mkdir only && sleep 0.2 && rmdir only && echo {c} > {c}', outs: [{c}], meta: {{resources: {{cpu: 4096}}}}}}\n")));
        Assert.True(await world.ReproAsync());
    }

    [Fact]
    public void The_resources_of_a_stage_are_read_strictly_and_the_rest_of_meta_is_its_writers_own()
    {
        using var world = new World("stages:\n  a: {cmd: x, meta: {owner: me, env: production, resources: {gpu: 2, cpu: '${cpus}', memory: 1.5GiB}}}\nvars:\n- cpus: 3\n");
        Assert.Equal(new StageNeeds { Gpus = 2, Processors = 3, Memory = 3L << 29, KeyedByAccelerator = true }, world.Load().Stages[0].Needs with { Environment = StageNeeds.None.Environment });
        foreach (var (meta, expected) in new[]
        {
            ("resources: {gpus: 1}", "did you mean `gpu`"), ("resources: {gpu: many}", "`gpu` must be a whole number from 0 to 64"), ("resources: {memory: 8 apples}", "`memory` must be a size such as 8GiB"),
            ("resources: {memory: -1}", "`memory` must be a size"), ("env: [A, 'B C']", "names of environment variables"), ("image: python:3.12", "name it with its digest"), ("accelerator: maybe", "must be true or false"),
        })
        {
            world.Write("dvc.yaml", $"stages:\n  a:\n    cmd: x\n    meta:\n      {meta}\n");
            var message = Assert.ThrowsAny<Exception>(world.Load).Message;
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.StartsWith("dvc.yaml:5: ", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ten_thousand_stages_in_a_chain_are_ordered_at_once_and_a_circle_in_them_is_named()
    {
        using var world = new World("stages:\n" + string.Concat(Enumerable.Range(0, 10_000).Reverse().Select(i => FormattableString.Invariant($"  s{i}: {{cmd: x, deps: [o{i}], outs: [o{i + 1}]}}\n"))));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var pipeline = world.Load();
        var plan = ReproPlan.Of(pipeline, world.Options);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => FormattableString.Invariant($"s{i}")), plan.Select(s => s.Name));
        Assert.Equal(10_000, plan[0].Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"it took {watch.Elapsed}");
        world.Write("dvc.yaml", world.Read("dvc.yaml").Replace("s0: {cmd: x, deps: [o0]", "s0: {cmd: x, deps: [o10000]", StringComparison.Ordinal));
        Assert.Contains("in a circle: s", Assert.Throws<PipelineException>(world.Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_is_told_in_the_direction_in_which_things_are_made()
    {
        using var world = new World("stages:\n  a: {cmd: x, deps: [c.o], outs: [a.o]}\n  b: {cmd: x, deps: [a.o], outs: [b.o]}\n  c: {cmd: x, deps: [b.o], outs: [c.o]}\n");
        Assert.Contains("a → b → c → a", Assert.Throws<PipelineException>(world.Load).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d", "a b d", "")]
    [InlineData("b", "b d", "downstream")]
    [InlineData("d b", "d b", "single")]
    [InlineData("b", "a b d c", "pipeline")]
    [InlineData("*b", "a b", "glob")]
    [InlineData("[!a-c]", "a b d", "glob")]
    [InlineData("sub", "sub/dvc.yaml:x", "recursive")]
    [InlineData("o/b", "a b", "")]
    [InlineData("sub/dvc.yaml:x", "sub/dvc.yaml:x", "")]
    [InlineData("dvc.yaml", "a b d c lonely", "")]
    public void Targets_mean_what_they_mean_to_DVC(string targets, string expected, string how)
    {
        using var world = new World("""
            stages:
              d: {cmd: x, deps: [o/b], outs: [o/d]}
              b: {cmd: x, deps: [o/a], outs: [o/b]}
              a: {cmd: x, outs: [o/a]}
              c: {cmd: x, deps: [o/a], outs: [o/c]}
              lonely: {cmd: x, outs: [o/l]}
            """);
        world.Write("sub/dvc.yaml", "stages:\n  x: {cmd: x, outs: [y]}\n");
        var options = world.Options with
        {
            Targets = targets.Split(' '), Downstream = how == "downstream", SingleItem = how == "single", WholePipeline = how == "pipeline", Glob = how == "glob", Recursive = how == "recursive",
        };
        Assert.Equal(expected, string.Join(' ', ReproPlan.Of(world.Load(), options).Select(s => s.Name)));
    }

    [Fact]
    public async Task Forcing_downstream_runs_what_depends_on_a_changed_stage_though_its_own_inputs_are_the_same()
    {
        using var world = new World("stages:\n  a: {cmd: echo same > a, deps: [in], outs: [a]}\n  b: {cmd: cp a b, deps: [a], outs: [b]}\n");
        world.Write("in", "1");
        await world.ReproAsync();
        world.Write("in", "2");
        Assert.Equal("a:Ran b:Unchanged", await world.OutcomesAsync());
        world.Write("in", "3");
        Assert.Equal("a:Ran b:Ran", await world.OutcomesAsync(world.Options with { ForceDownstream = true }));
    }

    [Fact]
    public async Task A_frozen_stage_never_runs_and_its_outputs_are_taken_as_they_are()
    {
        using var world = new World("stages:\n  a: {cmd: cp in a, deps: [in], outs: [a]}\n");
        world.Write("in", "1");
        await world.ReproAsync();
        world.Write("dvc.yaml", world.Read("dvc.yaml").Replace("outs: [a]", "outs: [a], frozen: true", StringComparison.Ordinal));
        world.Write("in", "2");
        Assert.Equal("a:Unchanged", await world.OutcomesAsync());
        Assert.Contains("is frozen", Assert.Single(world.Events, e => e.Kind == ReproEventKind.Warning).Text, StringComparison.Ordinal);
        world.Write("a", "by hand");
        Assert.True(await world.ReproAsync());
        Assert.Contains(world.Events, e => e.Kind == ReproEventKind.Verified);
        Assert.Equal("by hand", world.Read("a"));
        File.Delete(world.Of("a"));
        Assert.Contains("missing data 'source': a", (await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_data_alone_is_no_change_when_it_is_allowed_to_be_missing()
    {
        using var world = new World("stages:\n  a: {cmd: cp in a, deps: [in], outs: [a]}\n  b: {cmd: cp a b, deps: [a], outs: [b]}\n");
        world.Write("in", "1");
        await world.ReproAsync();
        foreach (var gone in new[] { "in", "a", "b" })
            File.Delete(world.Of(gone));
        Directory.Delete(world.Of(".dvc/cache"), recursive: true);
        Assert.Equal("a:Unchanged b:Unchanged", await world.OutcomesAsync(world.Options with { AllowMissing = true }));
        world.Write("in", "2");
        Assert.Equal("a:Ran b:Ran", await world.OutcomesAsync(world.Options with { AllowMissing = true }));
    }

    [Fact]
    public async Task Each_line_of_a_command_of_several_lines_is_run_by_itself_and_the_first_that_fails_ends_it()
    {
        using var world = new World("stages:\n  a:\n    cmd: |\n      false\n      echo reached > a\n    outs: [a]\n");
        await Assert.ThrowsAsync<StageFailedException>(() => world.ReproAsync());
        Assert.False(File.Exists(world.Of("a")));
        Assert.Equal(["false"], world.Events.Where(e => e.Kind == ReproEventKind.Command).Select(e => e.Text));
    }

    [Fact]
    public async Task Without_committing_nothing_enters_the_cache_but_the_lock_knows_it()
    {
        using var world = new World("stages:\n  a: {cmd: cp in a, deps: [in], outs: [a]}\n");
        world.Write("in", "1");
        await world.ReproAsync(world.Options with { Commit = false });
        Assert.False(Directory.Exists(world.Of(".dvc/cache/files")) || Directory.Exists(world.Of(".dvc/cache/runs")));
        Assert.Equal([("a", "not in cache")], StatusReader.All(world.Load()).Single().Outputs);
    }

    private static string Outcomes(World world) => Ci.Pipelines.Tests.Run.Outcomes(world.Events);
}
