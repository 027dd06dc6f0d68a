using Ci.Data;
using Ci.Testing;

namespace Ci.Pipelines.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // commands and modes of a POSIX shell
public sealed class ReproducerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ReproducerTests() => Project.Initialize(this.folder.Path);

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData("stages:\n  a:\n    cmd: echo\n    bogus: 1\n", "dvc.yaml:4: stage `a`: unknown key `bogus`")]
    [InlineData("stages:\n  a:\n    cmd: echo\n    outss: [x]\n", "did you mean `outs`")]
    [InlineData("stages:\n  a:\n    deps: [x]\n", "`cmd` is missing")]
    [InlineData("stages:\n  a:\n    cmd: [echo\n", "dvc.yaml:")]
    [InlineData("stages:\n  a: {cmd: cp y x, deps: [y], outs: [x]}\n  b: {cmd: cp x y, deps: [x], outs: [y]}\n", "in a circle")]
    [InlineData("stages:\n  a: {cmd: echo, outs: [x]}\n  b: {cmd: echo, outs: [x]}\n", "made by both `a` and `b`")]
    [InlineData("stages:\n  a: {cmd: echo, outs: [d]}\n  b: {cmd: echo, outs: [d/x]}\n", "lies inside output `d`")]
    [InlineData("stages:\n  a: {cmd: echo, outs: [../x]}\n", "outside of the project")]
    [InlineData("stages:\n  a: {cmd: 'echo ${nope}'}\n", "could not find `nope`")]
    [InlineData("stages:\n  a: {cmd: echo, deps: [o], outs: [o]}\n", "both a dependency and an output")]
    public void A_bad_dvc_yaml_is_named_with_its_place(string yaml, string expected)
    {
        this.folder.Write("dvc.yaml", yaml);
        var error = Record.Exception(() => Pipeline.Load(this.Open()));
        Assert.True(error is DataException or PipelineException, error?.ToString());
        Assert.Contains(expected, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_stage_lists_near_ones()
    {
        this.folder.Write("dvc.yaml", "stages:\n  train: {cmd: echo}\n  prepare: {cmd: echo}\n");
        var options = new ReproOptions { Folder = this.folder.Path, Environment = Run.Environment, Targets = ["trian"] };
        var error = await Assert.ThrowsAsync<PipelineException>(() => Run.ReproAsync(this.Open(), options));
        Assert.Contains("did you mean `train`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_stage_tells_command_code_and_last_lines_and_keeps_the_stages_before_it()
    {
        this.folder.Write("dvc.yaml", "stages:\n  good: {cmd: echo 1 > g, outs: [g]}\n  bad: {cmd: 'echo so far; echo went wrong >&2; exit 3', deps: [g], outs: [b]}\n");
        var error = await Assert.ThrowsAsync<StageFailedException>(() => Run.ReproAsync(this.Open()));
        Assert.Equal(("bad", 3), (error.Stage, error.ExitCode));
        Assert.Contains("went wrong", error.Message, StringComparison.Ordinal);
        var written = await File.ReadAllTextAsync(this.folder.Of("dvc.lock"));
        Assert.Contains("good:", written, StringComparison.Ordinal);
        Assert.DoesNotContain("bad:", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_dependency_or_parameter_or_output_is_named()
    {
        this.folder.Write("dvc.yaml", "stages:\n  a: {cmd: 'true', deps: [nofile], outs: [o]}\n");
        Assert.Contains("`nofile` does not exist", (await Assert.ThrowsAsync<PipelineException>(() => Run.ReproAsync(this.Open()))).Message, StringComparison.Ordinal);
        this.folder.Write("params.yaml", "rate: 1\n");
        this.folder.Write("dvc.yaml", "stages:\n  a: {cmd: 'true', params: [rates], outs: [o]}\n");
        Assert.Contains("did you mean `rate`", (await Assert.ThrowsAsync<PipelineException>(() => Run.ReproAsync(this.Open()))).Message, StringComparison.Ordinal);
        this.folder.Write("dvc.yaml", "stages:\n  a: {cmd: 'true', outs: [never]}\n");
        Assert.Contains("output `never` does not exist", (await Assert.ThrowsAsync<PipelineException>(() => Run.ReproAsync(this.Open()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_the_command_with_its_children_and_leaves_the_lock_as_it_was()
    {
        this.folder.Write("dvc.yaml", "stages:\n  first: {cmd: echo 1 > f, outs: [f]}\n  slow: {cmd: 'echo begun; sleep 60 & echo $! > pid; wait', deps: [f], outs: [s]}\n");
        using var stop = new CancellationTokenSource();
        var options = new ReproOptions { Folder = this.folder.Path, Environment = Run.Environment };
        var running = new Reproducer(Pipeline.Load(this.Open()), options, TimeProvider.System, e =>
        {
            if (e.Kind == ReproEventKind.Line)
                stop.CancelAfter(TimeSpan.FromMilliseconds(300));
        }).RunAsync(stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var child = int.Parse((await File.ReadAllTextAsync(this.folder.Of("pid"))).Trim(), System.Globalization.CultureInfo.InvariantCulture);
        await Task.Delay(100);
        Assert.False(IsAlive(child), "the command's child is still running");
        Assert.DoesNotContain("slow", await File.ReadAllTextAsync(this.folder.Of("dvc.lock")), StringComparison.Ordinal);
        Assert.Contains("first", await File.ReadAllTextAsync(this.folder.Of("dvc.lock")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_filled_in_and_commands_find_the_program_itself()
    {
        this.folder.Write("params.yaml", "a: {b: [1, 0.20]}\n");
        var bin = this.folder.Write("bin/mytool", "#!/bin/sh\necho tool says \"$1\"\n");
        File.SetUnixFileMode(bin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        this.folder.Write("dvc.yaml", "vars:\n- name: x\nstages:\n  s:\n    cmd: mytool ${a.b[1]}-\\${HOME} > ${name}.txt\n    outs: ['${name}.txt']\n");
        var options = new ReproOptions { Folder = this.folder.Path, Environment = new Dictionary<string, string>(Run.Environment) { ["HOME"] = "/h" }, PathPrefix = this.folder.Of("bin") };
        await Run.ReproAsync(this.Open(), options);
        Assert.Equal("tool says 0.2-/h\n", await File.ReadAllTextAsync(this.folder.Of("x.txt")));
    }

    [Fact]
    public async Task A_damaged_cache_object_is_noticed_and_the_stage_runs_again()
    {
        this.folder.Write("in", "1");
        this.folder.Write("dvc.yaml", "stages:\n  s: {cmd: cp in out, deps: [in], outs: [out]}\n");
        await Run.ReproAsync(this.Open());
        var cached = Directory.EnumerateFiles(this.folder.Of(".dvc/cache/files"), "*", SearchOption.AllDirectories).Single();
        File.SetUnixFileMode(cached, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(cached, "2");
        File.Delete(this.folder.Of("out"));
        Assert.Equal("s:Ran", Run.Outcomes(await Run.ReproAsync(this.Open())));
        Assert.Equal("1", await File.ReadAllTextAsync(this.folder.Of("out")));
    }

    private static bool IsAlive(int process) => Directory.Exists($"/proc/{process}") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);

    private Project Open() => Project.Open(this.folder.Path, TimeProvider.System);
}
