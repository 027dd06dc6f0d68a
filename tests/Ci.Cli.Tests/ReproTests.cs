using System.Diagnostics;
using System.Globalization;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary><c>repro</c>, <c>why</c>, <c>dag</c> and <c>freeze</c> as people use them: what they print, and real processes that are interrupted.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ReproTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly TemporaryFolder folder = new();
    private readonly List<Process> started = [];

    public ReproTests() => Ci.Data.Project.Initialize(this.folder.Path);

    public void Dispose()
    {
        // Whatever a failed test left behind must not outlive it.
        foreach (var process in this.started.Where(p => !p.HasExited))
            process.Kill(entireProcessTree: true);
        this.started.ForEach(p => p.Dispose());
        this.folder.Dispose();
    }

    [Fact]
    public async Task A_run_says_what_DVC_says()
    {
        this.folder.Write("in", "1\n");
        this.folder.Write("dvc.yaml", "stages:\n  one: {cmd: [cp in a, echo said], deps: [in], outs: [a]}\n  two: {cmd: cp a b, deps: [a], outs: [b]}\n");
        await this.AddAsync("in");
        Assert.Equal(
            """
            'in.dvc' didn't change, skipping
            Running stage 'one':
            > cp in a
            > echo said
            said
            Generating lock file 'dvc.lock'
            Updating lock file 'dvc.lock'

            Running stage 'two':
            > cp a b
            Updating lock file 'dvc.lock'

            To track the changes with git, run:

            	git add dvc.lock
            Use `mlops push` to send your updates to remote storage.

            """, await this.OkAsync("repro"));
        Assert.Equal("'in.dvc' didn't change, skipping\nStage 'one' didn't change, skipping\nStage 'two' didn't change, skipping\nData and pipelines are up to date.\n", await this.OkAsync("repro"));
        Assert.Equal(
            "Verifying data sources in stage: 'in.dvc'\n\nRunning stage 'one':\n> cp in a\n> echo said\nsaid\n\nRunning stage 'two':\n> cp a b\n\nTo track the changes with git, run:\n\n\tgit add in.dvc\nUse `mlops push` to send your updates to remote storage.\n",
            await this.OkAsync("repro", "-f"));
        this.folder.Write("in", "2\n");
        Assert.Equal("Running stage 'one':\n> cp in a\n> echo said\n\nUse `mlops push` to send your updates to remote storage.\n", (await this.OkAsync("repro", "--dry", "-s", "one")).Replace("> echo said\nUse", "> echo said\n\nUse", StringComparison.Ordinal));
        Assert.Equal("", await this.OkAsync("repro", "-q"));
        this.folder.Write("in", "1\n");
        Assert.Contains("Stage 'one' is cached - skipping run, checking out outputs\nUpdating lock file 'dvc.lock'\n\nStage 'two' is cached - skipping run, checking out outputs\n", await this.OkAsync("repro"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_targets_only_this_folders_stages_run_with_what_they_need_and_all_on_demand()
    {
        this.folder.Write("dvc.yaml", "stages:\n  top: {cmd: echo 1 > t, outs: [t]}\n");
        this.folder.Write("sub/dvc.yaml", "stages:\n  low: {cmd: cp ../t l, deps: [../t], outs: [l]}\n  other: {cmd: echo 2 > o, outs: [o]}\n");
        Assert.DoesNotContain("low", await this.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Contains("Stage '../dvc.yaml:top' didn't change, skipping\nRunning stage 'low':", await this.InAsync("sub", "repro", "low"), StringComparison.Ordinal);
        Assert.Contains("Running stage 'sub/dvc.yaml:other':", await this.OkAsync("repro", "-P"), StringComparison.Ordinal);
        Directory.CreateDirectory(this.folder.Of("empty"));
        var (code, _, error) = await this.RunAsync("empty", "repro");
        Assert.Equal(255, code);
        Assert.Contains("there is no dvc.yaml in", error, StringComparison.Ordinal);
        Assert.Equal(254, (await this.RunAsync(".", "repro", "-i")).Code);
        Assert.Equal(254, (await this.RunAsync(".", "repro", "--jobs", "0")).Code);
    }

    [Fact]
    public async Task A_failure_shows_the_end_of_the_log_and_where_it_lies()
    {
        this.folder.Write("dvc.yaml", "stages:\n  bad: {cmd: 'echo so far; exit 3', outs: [b]}\n  next: {cmd: cp b c, deps: [b], outs: [c]}\n  good: {cmd: echo 1 > g, outs: [g]}\n");
        var (code, output, error) = await this.RunAsync(".", "repro", "-j", "1");
        Assert.Equal((255, "Running stage 'bad':\n> echo so far; exit 3\nso far\n"), (code, output));
        Assert.StartsWith("mlops: failed to reproduce 'bad': failed to run: echo so far; exit 3, exited with 3; it last said:\n  so far\nits whole output: .dvc/tmp/mlops-logs/bad/", error, StringComparison.Ordinal);
        (code, output, error) = await this.RunAsync(".", "repro", "-k", "--json");
        Assert.Equal(255, code);
        (code, output, error) = await this.RunAsync(".", "repro", "-k");
        Assert.Equal(255, code);
        Assert.Contains("Stage 'next' will be skipped due to the failure of 'bad'", error, StringComparison.Ordinal);
        Assert.Contains("Stage 'good' didn't change", output, StringComparison.Ordinal);
        Assert.EndsWith("mlops: failed to reproduce 'bad'\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_ends_commands_and_what_they_started_and_the_next_run_recovers()
    {
        this.folder.Write("dvc.yaml", "stages:\n  first: {cmd: echo 1 > f, outs: [f]}\n  slow: {cmd: \"trap 'echo asked > asked; exit 1' INT; [ -e go ] && cp f s && exit; echo half > s; sh -c 'echo $$ > inner; trap \\\"\\\" INT; while :; do sleep 0.1; done' & touch s.on; wait\", deps: [f], outs: [s]}\n");
        var process = this.Start("repro");
        this.Await("s.on");
        this.Await("inner");
        Signal(process.Id, 2);
        var (code, error) = End(process);
        Assert.Equal(130, code);
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.True(File.Exists(this.folder.Of("asked")), "the command was not asked to end");
        Assert.False(this.Lives("inner"), "a grandchild is still running");
        Assert.DoesNotContain("slow:", File.ReadAllText(this.folder.Of("dvc.lock")), StringComparison.Ordinal);
        this.folder.Write("go", "");
        Assert.Contains("Stage 'first' didn't change", await this.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Equal("1\n", File.ReadAllText(this.folder.Of("s")));
    }

    [Fact]
    public void A_second_interruption_kills_at_once()
    {
        this.folder.Write("dvc.yaml", "stages:\n  deaf: {cmd: \"trap '' INT TERM; echo $$ > inner; touch on; while :; do sleep 0.1; done\", outs: [d]}\n");
        var process = this.Start("repro");
        this.Await("on");
        var watch = Stopwatch.StartNew();
        Signal(process.Id, 15);
        Thread.Sleep(500);
        Assert.False(process.HasExited, "it did not give its command time to end");
        Signal(process.Id, 15);
        Assert.Equal(130, End(process).Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"it took {watch.Elapsed}");
        Assert.False(this.Lives("inner"), "the command is still running");
    }

    [Fact]
    public void Two_processes_never_share_a_GPU()
    {
        this.folder.Write("bin/nvidia-smi", "#!/bin/sh\necho 'GPU 0: Tesla T4 (UUID: GPU-0aaaaaaa-1111-2222-3333-444444444444)'\n");
        File.SetUnixFileMode(this.folder.Of("bin/nvidia-smi"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        this.folder.Write("dvc.yaml", "stages:\n" + string.Concat("ab".Select(c =>
            $"  {c}: {{cmd: 'mkdir $CUDA_VISIBLE_DEVICES && touch {c}.on && sleep 1 && rmdir $CUDA_VISIBLE_DEVICES && echo {c} > {c}', outs: [{c}], meta: {{resources: {{gpu: 1}}}}}}\n")));
        var a = this.Start("repro", "a");
        this.Await("a.on");
        var b = this.Start("repro", "b");
        Assert.Equal((0, 0), (End(a).Code, End(b).Code));
    }

    [Fact]
    public async Task Why_names_the_cause_and_the_document_has_it_too()
    {
        this.folder.Write("in", "1");
        this.folder.Write("params.yaml", "lr: 0.1\n");
        this.folder.Write("dvc.yaml", "stages:\n  make: {cmd: cp in mid, deps: [in], outs: [mid]}\n  train:\n    cmd:\n    - cp mid out\n    - 'true'\n    deps: [mid]\n    params: [lr]\n    outs: [out]\n");
        await this.OkAsync("repro");
        Assert.Equal("Stage 'train' is up to date.\n", await this.OkAsync("why", "train"));
        this.folder.Write("params.yaml", "lr: 0.2\n");
        this.folder.Write("mid", "2");
        this.folder.Write("dvc.yaml", File.ReadAllText(this.folder.Of("dvc.yaml")).Replace("cp mid out", "cp -f mid out", StringComparison.Ordinal));
        var text = await this.OkAsync("why", "train");
        Assert.StartsWith(
            """
            Stage 'train' will run:
              command
                - cp mid out
                + cp -f mid out
                  true
              dependency mid: c4ca4238… → c81e728d… (made by 'make')
              parameter params.yaml:lr: 0.1 → 0.2
              it needs 'make', not up to date: what that makes may change this
            No earlier run had these inputs; of the nearest one differ:

            """, text, StringComparison.Ordinal);
        using var document = System.Text.Json.JsonDocument.Parse(await this.OkAsync("why", "train", "--json"));
        var stage = document.RootElement.GetProperty("stages")[0];
        Assert.Equal(("run", "dependency", "make"), (stage.GetProperty("fate").GetString(), stage.GetProperty("reasons")[1].GetProperty("part").GetString(), stage.GetProperty("reasons")[1].GetProperty("maker").GetString()));
    }

    [Fact]
    public async Task The_graph_is_drawn_as_boxes_and_written_for_Mermaid_and_Graphviz()
    {
        this.folder.Write("raw", "1");
        await this.AddAsync("raw");
        this.folder.Write("dvc.yaml", "stages:\n  prepare: {cmd: x, deps: [raw], outs: [p]}\n  train: {cmd: x, deps: [p], outs: [m, n]}\n  eval:\n    foreach: [a, b]\n    do: {cmd: x, deps: [m, p], outs: ['e-${item}']}\n");
        Assert.Equal(
            """
                  ┌─────────┐
                  │ raw.dvc │
                  └────┬────┘
                       │
                  ┌────┴────┐
                  │ prepare │
                  └────┬────┘
                    ┌──┴───┐
                ┌───┴───┐  │
                │ train │  │
                └───┬───┘  │
                ┌───┴──────┼─┐
                │ ┌────────┴─┼─┐
            ┌───┴─┴───┐  ┌───┴─┴───┐
            │ eval@a  │  │ eval@b  │
            └─────────┘  └─────────┘

            """, await this.OkAsync("dag"));
        Assert.Equal("flowchart TD\n\tnode1[\"prepare\"]\n\tnode2[\"raw.dvc\"]\n\tnode3[\"train\"]\n\tnode1-->node3\n\tnode2-->node1\n", await this.OkAsync("dag", "--mermaid", "train"));
        Assert.StartsWith("```mermaid\nflowchart TD\n", await this.OkAsync("dag", "--md"), StringComparison.Ordinal);
        Assert.Equal("strict digraph  {\n\"raw.dvc\";\n\"prepare\";\n\"raw.dvc\" -> \"prepare\";\n}\n\n", await this.OkAsync("dag", "--dot", "prepare"));
        Assert.Equal("strict digraph  {\n\"raw\";\n\"p\";\n\"m\";\n\"n\";\n\"raw\" -> \"p\";\n\"p\" -> \"m\";\n\"p\" -> \"n\";\n}\n\n", await this.OkAsync("dag", "--outs", "--dot", "train"));
        Assert.Contains("\"prepare\" -> \"eval\";\n", await this.OkAsync("dag", "--dot", "--collapse-foreach-matrix"), StringComparison.Ordinal);
        Assert.Contains("eval@b", await this.OkAsync("dag", "--full", "raw.dvc"), StringComparison.Ordinal);
        Assert.Equal(255, (await this.RunAsync(".", "dag", "nix")).Code);
    }

    [Fact]
    public async Task Freezing_changes_one_line_of_the_file_and_unfreezing_takes_it_back()
    {
        var yaml = "# mine\nstages:\n  a: # first\n    cmd: echo 1 > a\n    outs:\n    - a\n\n  # second\n  b: {cmd: \"echo '}' > b\", outs: [b]} # flow\n  c:\n    foreach: [x]\n    do: {cmd: x}\n";
        this.folder.Write("dvc.yaml", yaml);
        Assert.Equal("Modifying stage 'a' in 'dvc.yaml'\nModifying stage 'b' in 'dvc.yaml'\n", await this.OkAsync("freeze", "a", "b"));
        Assert.Equal(yaml.Replace("    - a\n", "    - a\n    frozen: true\n", StringComparison.Ordinal).Replace("[b]}", "[b], frozen: true}", StringComparison.Ordinal), File.ReadAllText(this.folder.Of("dvc.yaml")));
        Assert.Equal("", await this.OkAsync("freeze", "a"));
        Assert.Equal("Modifying stage 'a' in 'dvc.yaml'\nModifying stage 'b' in 'dvc.yaml'\n", await this.OkAsync("unfreeze", "a", "b"));
        Assert.Equal(yaml, File.ReadAllText(this.folder.Of("dvc.yaml")));
        var (code, _, error) = await this.RunAsync(".", "freeze", "c@x");
        Assert.Equal(1, code);
        Assert.Contains("comes of a template", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_data_and_earlier_runs_come_from_the_remote_stage_by_stage()
    {
        this.folder.Write(".dvc/config", $"[core]\n    remote = s\n['remote \"s\"']\n    url = {this.folder.Of("store")}\n");
        this.folder.Write("in", "1");
        this.folder.Write("dvc.yaml", "stages:\n  a: {cmd: 'echo run >> runs; cp in a', deps: [in], outs: [a]}\n  b: {cmd: 'echo run >> runs; cp a b', deps: [a], outs: [b], meta: {env: [X]}}\n");
        await this.OkAsync("repro");
        var locked = File.ReadAllText(this.folder.Of("dvc.lock"));
        await this.OkAsync("push", "--run-cache");
        Assert.True(Directory.Exists(this.folder.Of("store/runs")) && Directory.Exists(this.folder.Of("store/mlops-runs")));
        this.Forget();
        Assert.Contains("Pulling data for stage: 'a'", await this.OkAsync("repro", "--pull"), StringComparison.Ordinal);
        this.Forget("dvc.lock", "mlops.lock");
        Assert.Contains("Stage 'b' is cached", await this.OkAsync("repro", "--pull"), StringComparison.Ordinal);
        Assert.Equal(locked, File.ReadAllText(this.folder.Of("dvc.lock")));
        this.Forget("dvc.lock", "mlops.lock");
        await this.OkAsync("fetch", "--run-cache");
        Assert.Contains("Stage 'b' is cached", await this.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(this.folder.Of("runs")).Length);
    }

    [Fact]
    public async Task A_person_at_a_terminal_sees_what_runs_and_nothing_is_left_of_it()
    {
        using var error = new StringWriter();
        var context = new CliContext { Out = TextWriter.Null, Error = error, Environment = new Dictionary<string, string>(), WorkingDirectory = this.folder.Path, Time = TimeProvider.System };
        await using (var live = Terminal.StageLive.Of(context, 40))
        {
            live.Begin(["a", "b", "c"]);
            live.Tell(new Ci.Pipelines.ReproEvent("a", Ci.Pipelines.ReproEventKind.Running));
            live.Tell(new Ci.Pipelines.ReproEvent("b", Ci.Pipelines.ReproEventKind.Waiting, "1 GPU: 1 of 1 in use by `a`, which is long"));
            live.Tell(new Ci.Pipelines.ReproEvent("c", Ci.Pipelines.ReproEventKind.Ran));
            await Task.Delay(1200);
            live.Print(() => error.Write("said\n"));
            await live.EndAsync();
        }

        var text = error.ToString();
        Assert.Contains("  a  1 s", text, StringComparison.Ordinal);
        Assert.Contains("  b  waits for 1 GPU: 1 of 1 in use by…", text, StringComparison.Ordinal);
        Assert.Contains("1 of 3 done, 1 running, 1 s", text, StringComparison.Ordinal);
        Assert.EndsWith("\e[3A\e[J", text, StringComparison.Ordinal);
        Assert.Contains("\e[3A\e[Jsaid\n", text, StringComparison.Ordinal);
    }

    private async Task AddAsync(string path) => await this.OkAsync("add", path);

    private void Forget(params string[] files)
    {
        foreach (var file in files.Concat(["a", "b"]))
            File.Delete(this.folder.Of(file));
        Directory.Delete(this.folder.Of(".dvc/cache"), recursive: true);
    }

    private Task<string> OkAsync(params string[] arguments) => this.InAsync(".", arguments);

    private async Task<string> InAsync(string place, params string[] arguments)
    {
        var (code, output, error) = await this.RunAsync(place, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return output;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string place, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext
        {
            Out = output, Error = error, Environment = this.Variables(), WorkingDirectory = Path.GetFullPath(this.folder.Of(place)), Time = TimeProvider.System,
        };
        var code = await CommandLine.RunAsync(arguments, context);
        return (code, output.ToString(), error.ToString());
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["PATH"] = $"{this.folder.Of("bin")}:/usr/bin:/bin", ["SHELL"] = "/bin/sh", ["MLOPS_GPU_LEASES"] = this.folder.Of("leases"),
    };

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mlops.dll"), .. arguments])
        {
            WorkingDirectory = this.folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in this.Variables())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        this.started.Add(process);
        return process;
    }

    private static (int Code, string Error) End(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(Patience), "a command did not end");
        _ = output.GetAwaiter().GetResult();
        return (process.ExitCode, error.GetAwaiter().GetResult());
    }

    private void Await(string path)
    {
        var watch = Stopwatch.StartNew();
        while (!File.Exists(this.folder.Of(path)))
        {
            Assert.True(watch.Elapsed < Patience, $"{path} did not appear");
            Thread.Sleep(10);
        }
    }

    private bool Lives(string file)
    {
        var id = int.Parse(File.ReadAllText(this.folder.Of(file)).Trim(), CultureInfo.InvariantCulture);
        return Directory.Exists($"/proc/{id}") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
    }

    private static void Signal(int process, int signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process}")]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
