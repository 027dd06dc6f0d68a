using System.Diagnostics;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>Real processes on one project at the same time, and processes that are killed in the middle of their work.</summary>
public sealed class SideBySideTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder folder = new();
    private readonly List<Process> started = [];

    public SideBySideTests()
    {
        Directory.CreateDirectory(this.folder.Of("r/.git"));
        this.Ok("init");
        this.folder.Write("r/.dvc/config", $"[core]\n    remote = s\n['remote \"s\"']\n    url = {this.folder.Of("store")}\n");
    }

    public void Dispose()
    {
        // Whatever a failed test left behind must not outlive it.
        foreach (var process in this.started.Where(p => !p.HasExited))
            process.Kill(entireProcessTree: true);
        this.started.ForEach(p => p.Dispose());
        this.folder.Dispose();
    }

    [Fact]
    public void Two_commands_on_different_stages_go_on_together_and_both_are_recorded()
    {
        // Each stage ends only when the other one has begun.
        this.folder.Write("r/dvc.yaml", "stages:\n" + Stage("a", "touch a.on; until [ -e b.on ]; do sleep 0.02; done; echo 1 > a") + Stage("b", "touch b.on; until [ -e a.on ]; do sleep 0.02; done; echo 2 > b"));
        var a = this.Start("repro", "a");
        var b = this.Start("repro", "b");
        Assert.Equal((0, 0), (End(a).Code, End(b).Code));
        Assert.Contains("Data and pipelines are up to date.", this.Ok("status"), StringComparison.Ordinal);
        Assert.Equal(["/a", "/b"], File.ReadAllLines(this.folder.Of("r/.gitignore")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_commands_on_one_stage_wait_for_each_other_and_it_runs_once()
    {
        this.folder.Write("r/dvc.yaml", "stages:\n" + Stage("a", "echo run >> ../runs; touch a.on; until [ -e go ]; do sleep 0.02; done; echo 1 > a"));
        var first = this.Start("repro");
        this.Await("r/a.on");
        var second = this.Start("repro");
        var waits = FirstError(second);
        this.folder.Write("r/go", "");
        Assert.Equal($"Stage 'a' waits for process {first.Id}, which works on it", waits);
        Assert.Equal(0, End(first).Code);
        Assert.Contains("didn't change", End(second).Output, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(this.folder.Of("runs")));
    }

    [Fact]
    public void A_killed_run_leaves_no_lock_and_its_command_is_outlived_before_the_stage_runs_again()
    {
        this.folder.Write("r/dvc.yaml", "stages:\n" + Stage("a", "touch a.on; until [ -e go ]; do sleep 0.02; done; echo 1 > a; touch ended"));
        var first = this.Start("repro");
        this.Await("r/a.on");
        first.Kill();
        first.WaitForExit();
        Assert.False(File.Exists(this.folder.Of("r/dvc.lock")));
        var second = this.Start("repro");
        Assert.Contains("left running by an mlops that was killed", FirstError(second), StringComparison.Ordinal);
        Assert.False(File.Exists(this.folder.Of("r/ended")));
        this.folder.Write("r/go", "");
        Assert.Equal(0, End(second).Code);
        Assert.True(File.Exists(this.folder.Of("r/ended")));
        Assert.Contains("up to date", this.Ok("repro"), StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_pushing_and_pulling_recover_from_being_killed_at_any_time()
    {
        for (var i = 0; i < 600; i++)
            this.folder.Write($"r/data/{i % 7}/{i}", $"content of {i}");
        var recovered = 0;
        recovered += this.KillAndRepeat(["add", "data"], () => { });
        var pointer = File.ReadAllText(this.folder.Of("r/data.dvc"));
        recovered += this.KillAndRepeat(["push"], () => { });
        recovered += this.KillAndRepeat(["pull"], () =>
        {
            foreach (var gone in new[] { "r/.dvc/cache", "r/data" }.Select(g => this.folder.Of(g)).Where(Directory.Exists))
                Directory.Delete(gone, recursive: true);
        });
        Assert.True(recovered > 0, "no command was killed before its end");
        Assert.Contains("up to date", this.Ok("status"), StringComparison.Ordinal);
        Assert.Equal(pointer, File.ReadAllText(this.folder.Of("r/data.dvc")));
        Assert.Equal("content of 599", File.ReadAllText(this.folder.Of("r/data/4/599")));
        Assert.Equal(600, Directory.EnumerateFiles(this.folder.Of("r/data"), "*", SearchOption.AllDirectories).Count());
        Assert.False(Directory.Exists(this.folder.Of("r/.dvc/cache/.mlops")));
    }

    private static string Stage(string name, string command) => $"  {name}:\n    cmd: '{command}'\n    outs: [{name}]\n";

    private int KillAndRepeat(string[] arguments, Action prepare)
    {
        var killed = 0;
        foreach (var milliseconds in new[] { 60, 120, 180, 260 })
        {
            prepare();
            var process = this.Start(arguments);
            if (!process.WaitForExit(milliseconds))
            {
                process.Kill();
                process.WaitForExit();
                killed++;
            }
        }

        this.Ok(arguments);
        return killed;
    }

    private void Await(string path)
    {
        var watch = Stopwatch.StartNew();
        while (!File.Exists(this.folder.Of(path)))
        {
            Assert.True(watch.Elapsed < Patience, $"{path} did not appear");
            Thread.Yield();
        }
    }

    private string Ok(params string[] arguments)
    {
        var process = this.Start(arguments);
        var (code, output) = End(process);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{process.StandardError.ReadToEnd()}");
        return output;
    }

    private static (int Code, string Output) End(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(Patience), "a command did not end");
        return (process.ExitCode, output.GetAwaiter().GetResult());
    }

    private static string FirstError(Process process)
    {
        var line = process.StandardError.ReadLineAsync();
        Assert.True(line.Wait(Patience), "a command said nothing");
        return line.Result ?? "";
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mlops.dll"), .. arguments])
        {
            WorkingDirectory = this.folder.Of("r"), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["SHELL"] = "/bin/sh";
        var process = Process.Start(start)!;
        this.started.Add(process);
        return process;
    }
}
