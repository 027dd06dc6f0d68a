namespace Ci.Cli.Tests.Experiments;

public sealed class ExpRunTests
{
    [Fact]
    public async Task An_experiment_in_the_workspace_keeps_the_layout_and_is_a_commit_of_its_own()
    {
        using var project = await ExpProject.CreateAsync();
        var ran = (await project.JsonAsync("exp", "run", "-S", "train.lr=0.05", "-n", "first", "-m", "A first try"))["experiments"]![0]!;
        Assert.Equal(ExpProject.Parameters.Replace("0.1 ", "0.05 ", StringComparison.Ordinal), project.Read("params.yaml"));

        var head = (await project.Git.ResolveAsync("HEAD"))!;
        Assert.Equal($"refs/exps/{head[..2]}/{head[2..]}/first", (string?)ran["ref"]);
        var commit = (await project.Git.LogAsync((string)ran["ref"]!, 1))[0];
        Assert.Equal([head], commit.Parents);
        Assert.Equal("A first try", commit.Subject);
        var files = (await project.Git.ListTreeAsync(commit.Id)).Select(f => f.Path).ToList();
        Assert.All(new[] { ".gitignore", "dvc.lock", "metrics.json", "params.yaml", "train.sh" }, file => Assert.Contains(file, files));
        Assert.DoesNotContain("model.txt", files);
        Assert.Equal((0.05, 1L, "done"), ((double)ran["parameters"]!["params.yaml"]!["train"]!["lr"]!, (long)ran["seed"]!, (string?)ran["status"]));
        Assert.Equal(0.374333, (double)ran["metrics"]!["metrics.json"]!["rmse"]!, 6);
        Assert.Matches("^[0-9a-f]{32}$", (string)ran["data"]!["model.txt"]!);
        // Neither the branch nor the index that people see was touched.
        Assert.Equal(head, await project.Git.ResolveAsync("HEAD"));
        Assert.StartsWith(" M params.yaml\n", await project.StatusAsync(), StringComparison.Ordinal);

        Assert.Contains("there is an experiment `first` already", await project.FailsAsync(255, "exp", "run", "-n", "first"), StringComparison.Ordinal);
        await project.OkAsync("exp", "run", "-n", "first", "--force");
    }

    [Fact]
    public async Task An_experiment_in_its_own_folder_leaves_the_workspace_alone_and_sees_its_changes()
    {
        using var project = await ExpProject.CreateAsync();
        project.Write("raw.txt", "c\nd\n"); // not committed, and yet part of it
        project.Write("params.yaml", ExpProject.Parameters + "mine: 1\n");
        var ran = (await project.JsonAsync("exp", "run", "--temp", "-S", "train.lr=0.02"))["experiments"]![0]!;
        Assert.Equal(ExpProject.Parameters + "mine: 1\n", project.Read("params.yaml"));
        Assert.False(File.Exists(project.Of("metrics.json")));
        Assert.False(File.Exists(project.Of("model.txt")));
        Assert.Equal(" M params.yaml\n M raw.txt\n", await project.StatusAsync());
        Assert.Equal("c\nd\n"u8.ToArray(), await project.Git.ReadFileAsync((string)ran["commit"]!, "raw.txt"));
        Assert.Equal(1L, (long)ran["parameters"]!["params.yaml"]!["mine"]!);
        AssertNothingLeft(project);
        // What it made lies in the shared cache: the same parameters in the workspace run nothing.
        Assert.Contains("is cached - skipping run", await project.OkAsync("exp", "run", "-S", "train.lr=0.02"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_runs_every_combination_and_a_failure_keeps_its_log_and_stops_nobody()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "--queue", "-S", "train.lr=0.01,0.666", "-S", "seed=1,2", "-n", "q");
        project.Write("params.yaml", "broken: true\n"); // queued ones are settled: nothing that happens here changes them
        var (code, output, error) = await project.RunAsync("exp", "run", "--run-all", "-j", "2");
        Assert.Equal(0, code);
        Assert.Contains("Ran experiment(s): ", output, StringComparison.Ordinal);
        Assert.Contains("q-3 failed", error, StringComparison.Ordinal);
        var table = (await project.JsonAsync("exp", "queue", "status")).AsArray().ToDictionary(t => (string)t!["name"]!, t => (string)t!["status"]!, StringComparer.Ordinal);
        Assert.Equal("Failed Failed Success Success", string.Join(' ', table.OrderBy(t => t.Value, StringComparer.Ordinal).Select(t => t.Value)));
        Assert.Contains("diverged", await project.OkAsync("queue", "logs", "q-3"), StringComparison.Ordinal);
        Assert.Equal("q-1\nq-2\n", await project.OkAsync("exp", "list", "--name-only"));
        Assert.Contains("No experiments are waiting", await project.OkAsync("queue", "start"), StringComparison.Ordinal);
        AssertNothingLeft(project);
        await project.OkAsync("queue", "remove", "--failed");
        Assert.Equal(2, (await project.JsonAsync("exp", "queue", "status")).AsArray().Count);
    }

    [Fact]
    public async Task Two_runners_share_a_queue_and_run_nothing_twice()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "--queue", "-S", "train.lr=range(0.01,0.07,0.01)");
        var runners = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => project.RunAsync("exp", "run", "--run-all", "--json"))));
        Assert.All(runners, r => Assert.Equal(0, r.Code));
        var names = runners.SelectMany(r => System.Text.Json.Nodes.JsonNode.Parse(r.Output)!["experiments"]!.AsArray().Select(e => (string)e!["name"]!)).ToList();
        Assert.Equal((6, 6), (names.Count, names.Distinct(StringComparer.Ordinal).Count()));
        Assert.Equal(6, (await project.OkAsync("exp", "list", "--name-only")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Interrupting_ends_the_trial_leaves_no_folder_and_keeps_the_queue()
    {
        using var project = await ExpProject.CreateAsync();
        project.Write("gate", "");
        await project.OkAsync("exp", "run", "--queue", "-n", "slow", "-C", "gate");
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => project.RunAsync(project.Root, stop.Token, "exp", "run", "--run-all"));
        await UntilAsync(() => Directory.Exists(project.Of(".dvc/tmp/exps/logs")) && Directory.EnumerateFiles(project.Of(".dvc/tmp/exps/logs")).Any(f => File.ReadAllText(f).Contains("training", StringComparison.Ordinal)));
        Assert.Equal("Running", (string?)(await project.JsonAsync("queue", "status"))[0]!["status"]);
        await stop.CancelAsync();
        Assert.Equal(130, (await running).Code);
        AssertNothingLeft(project);
        Assert.Equal("Queued", (string?)(await project.JsonAsync("queue", "status"))[0]!["status"]);
        Assert.Equal("", await project.OkAsync("exp", "list", "--name-only"));
        File.Delete(project.Of("gate"));
        Assert.Contains("(--copy-paths) does not exist", (await project.RunAsync("exp", "run", "--run-all")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_a_killed_process_left_is_swept_by_the_next_command()
    {
        using var project = await ExpProject.CreateAsync();
        await project.Git.AddWorktreeAsync(project.Of(".dvc/tmp/exps/trial-0123456789ab"), "HEAD");
        await project.OkAsync("exp", "run", "--temp");
        AssertNothingLeft(project);
    }

    [Fact]
    public async Task A_search_with_halving_gives_the_good_ones_the_budget_and_says_why_others_stopped()
    {
        using var project = await ExpProject.CreateAsync();
        string[] search = ["exp", "run", "--search", "lhs", "--trials", "9", "--seed", "3", "-S", "train.lr=loguniform(1e-3,1)", "--halving", "budget=train.epochs:1..9x3", "--metric", "metrics.json:rmse", "--minimize", "-j", "3"];
        var (code, output, error) = await project.RunAsync(search);
        Assert.Equal(0, code);
        Assert.Contains("Best metrics.json:rmse: ", output, StringComparison.Ordinal);
        Assert.Equal(6, error.Split("stopped: not among the best 3 of 9 at train.epochs=1").Length - 1);
        Assert.Equal(2, error.Split("stopped: not among the best 1 of 3 at train.epochs=3").Length - 1);
        var rows = (await project.JsonAsync("exp", "show", "--sort-by", "rmse", "--hide-workspace"))[0]!["experiments"]!.AsArray().Select(e => e!["revs"]![0]!["data"]!["record"]!).ToList();
        Assert.Equal([9L, 3L, 3L, 1L, 1L, 1L, 1L, 1L, 1L], rows.Select(r => (long)r["parameters"]!["params.yaml"]!["train"]!["epochs"]!));
        Assert.Equal("done", (string?)rows[0]["status"]);
        Assert.All(rows.Skip(1), r => Assert.Equal("stopped", (string?)r["status"]));
        Assert.Equal(3, rows[0]["rungs"]!.AsArray().Count);
        // Again: everything is recorded, nothing runs.
        Assert.DoesNotContain("Running stage", await project.OkAsync(search), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, "did you mean `train.lr`", "exp", "run", "-S", "train.lrr=1")]
    [InlineData(255, "did you mean `train.lr`", "exp", "run", "--queue", "-S", "train.lrr=1,2")]
    [InlineData(255, "did you mean `train.lr`", "exp", "run", "--search", "random", "--trials", "3", "-S", "train.lrr=uniform(0,1)")]
    [InlineData(255, "has several values", "exp", "run", "-S", "train.lr=1,2")]
    [InlineData(255, "without end", "exp", "run", "--queue", "-S", "train.lr=uniform(0,1)")]
    [InlineData(255, "cannot be the name", "exp", "run", "-n", "a b")]
    [InlineData(254, "nothing to search", "exp", "run", "--search", "lhs", "--trials", "3", "-S", "train.lr=1")]
    [InlineData(254, "needs --trials", "exp", "run", "--search", "lhs", "-S", "train.lr=uniform(0,1)")]
    [InlineData(254, "--minimize", "exp", "run", "--search", "grid", "-S", "train.lr=1,2", "--metric", "rmse")]
    [InlineData(254, "needs the metric", "exp", "run", "--search", "grid", "-S", "train.lr=1,2", "--halving", "budget=train.epochs:1..9x3")]
    [InlineData(255, "the plan exp-plan.json does not exist", "exp", "run", "--trial", "0")]
    [InlineData(255, "lies outside of the project", "exp", "run", "-S", "../x.yaml:a=1")]
    [InlineData(255, "exited with 3", "exp", "run", "-S", "train.lr=0.666")]
    [InlineData(255, "every experiment failed", "exp", "run", "--search", "grid", "-S", "train.lr=choice(0.666)")]
    [InlineData(255, "no experiment `nope`", "exp", "apply", "nope")]
    [InlineData(254, "say which experiments", "exp", "remove")]
    [InlineData(254, "one of --github", "exp", "matrix", "-S", "train.lr=1,2")]
    public async Task What_cannot_be_run_is_told_before_anything_changes(int code, string expected, params string[] arguments)
    {
        using var project = await ExpProject.CreateAsync();
        Assert.Contains(expected, await project.FailsAsync(code, arguments), StringComparison.Ordinal);
        Assert.DoesNotContain((await project.JsonAsync("exp", "queue", "status")).AsArray(), task => (string?)task!["status"] == "Queued");
        AssertNothingLeft(project);
    }

    [Fact]
    public async Task A_failure_in_the_workspace_is_recorded_as_one()
    {
        using var project = await ExpProject.CreateAsync();
        await project.FailsAsync(255, "exp", "run", "-S", "train.lr=0.666", "-n", "bad");
        var shown = await project.OkAsync("exp", "show", "--no-pager");
        Assert.Contains("[bad]", shown, StringComparison.Ordinal);
        Assert.Contains("Failed", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("[bad]", await project.OkAsync("exp", "show", "--hide-failed"), StringComparison.Ordinal);
        Assert.Empty(await project.Git.RefsAsync("refs/exps"));
    }

    [Fact]
    public async Task Without_a_repository_or_a_commit_the_way_on_is_told()
    {
        using var project = await ExpProject.CreateAsync(committed: false);
        Assert.Contains("has no commit yet", await project.FailsAsync(255, "exp", "run"), StringComparison.Ordinal);
        Assert.Contains("has no commit yet", await project.FailsAsync(255, "exp", "show"), StringComparison.Ordinal);
        Directory.Delete(project.Of(".git"), recursive: true);
        Assert.Contains("git init", await project.FailsAsync(255, "exp", "run"), StringComparison.Ordinal);
        Directory.Delete(project.Of(".dvc"), recursive: true);
        Assert.Contains("mlops init", await project.FailsAsync(253, "exp", "run"), StringComparison.Ordinal);
    }

    internal static void AssertNothingLeft(ExpProject project)
    {
        var folder = project.Of(".dvc/tmp/exps");
        Assert.Empty(Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "trial-*") : []);
        var registered = project.Of(".git/worktrees");
        Assert.Empty(Directory.Exists(registered) ? Directory.EnumerateDirectories(registered) : []);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition() && i < 400; i++)
            await Task.Delay(50);
        Assert.True(condition());
    }
}
