using System.Text.Json.Nodes;

namespace Ci.Cli.Tests.Experiments;

public sealed class ExpTableTests
{
    [Fact]
    public async Task The_table_is_sorted_by_a_metric_with_what_is_no_number_last()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "--search", "grid", "-S", "train.lr=0.1,0.5,0.03");
        string[] Order(JsonNode table) => [.. table[1]!["experiments"]!.AsArray().Select(e => e!["revs"]![0]!["data"]!["params"]!["params.yaml"]!["data"]!["train"]!["lr"]!.ToJsonString())];
        Assert.Equal(["0.03", "0.1", "0.5"], Order(await project.JsonAsync("exp", "show", "--sort-by", "rmse")));
        Assert.Equal(["0.1", "0.03", "0.5"], Order(await project.JsonAsync("exp", "show", "--sort-by", "metrics.json:rmse", "--sort-order", "desc")));

        var text = (await project.OkAsync("exp", "show", "--sort-by", "rmse", "--no-pager")).Split('\n');
        Assert.Equal("Experiment Created rmse train.lr", string.Join(' ', text[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))); // seed and epochs do not vary
        Assert.StartsWith("workspace", text[1], StringComparison.Ordinal);
        Assert.StartsWith("main", text[2], StringComparison.Ordinal);
        Assert.StartsWith("├── ", text[3], StringComparison.Ordinal);
        Assert.StartsWith("└── ", text[5], StringComparison.Ordinal);
        Assert.Contains("nan", text[5], StringComparison.Ordinal);
        Assert.Contains("No marks of significance: there are no per-example predictions (evaluation.json), and no parameters were run with several seeds.", text);
        Assert.Contains("train.epochs", await project.OkAsync("exp", "show", "--all-params"), StringComparison.Ordinal);
        Assert.DoesNotContain("train.lr", (await project.OkAsync("exp", "show", "--drop", "train")).Split('\n')[0], StringComparison.Ordinal);
        Assert.StartsWith("| Experiment", await project.OkAsync("exp", "show", "--md"), StringComparison.Ordinal);
        Assert.StartsWith("Experiment,rev,typ,Created,rmse,train.lr\nworkspace,,workspace,,,0.1\n", await project.OkAsync("exp", "show", "--csv"), StringComparison.Ordinal);
        Assert.Contains("did you mean `rmse`", await project.FailsAsync(255, "exp", "show", "--sort-by", "rmsee"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_seeds_tell_what_differs_from_the_best_and_what_may_be_luck()
    {
        using var project = await ExpProject.CreateAsync();
        // Around the best rate, two rates that differ less than seeds do; far away, one that differs more.
        await project.OkAsync("exp", "run", "--search", "grid", "-S", "train.lr=0.03,0.031,0.2", "-S", "seed=1,2,3");
        var table = await project.OkAsync("exp", "show", "--sort-by", "rmse");
        var rows = (await project.JsonAsync("exp", "show", "--sort-by", "rmse"))[1]!["experiments"]!.AsArray().Select(e => e!["revs"]![0]!).ToList();
        string Word(string rate) => string.Join(' ', rows.Where(r => r["data"]!["params"]!["params.yaml"]!["data"]!["train"]!["lr"]!.ToJsonString() == rate).Select(r => (string?)r["significance"]!["word"]).Distinct());
        Assert.Equal(("best", "no clear difference", "worse"), (Word("0.03"), Word("0.031"), Word("0.2")));
        Assert.Contains("Welch's t-test over runs with different seeds; 5 %, adjusted for 2 comparisons", table, StringComparison.Ordinal);
        Assert.Contains(" ~", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_of_two_experiments_is_two_tables()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "--temp", "-S", "train.lr=0.02", "-n", "a");
        await project.OkAsync("exp", "run", "--temp", "-S", "train.lr=0.03", "-n", "b");
        var diff = await project.JsonAsync("exp", "diff", "a", "b");
        Assert.Equal("""{"old":0.344333,"new":0.334333,"diff":-0.010000000000000009}""", diff["metrics"]!["metrics.json"]!["rmse"]!.ToJsonString());
        Assert.Equal("""{"old":0.02,"new":0.03,"diff":0.009999999999999998}""", diff["params"]!["params.yaml"]!["train.lr"]!.ToJsonString());
        Assert.Contains("| params.yaml | train.lr", (await project.OkAsync("exp", "diff", "a", "b", "--md")).Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("train.epochs", await project.OkAsync("exp", "diff", "a", "b", "--all"), StringComparison.Ordinal);
        Assert.Contains("train.lr", await project.OkAsync("exp", "diff", "a"), StringComparison.Ordinal); // with the workspace
    }

    [Fact]
    public async Task Applying_refuses_to_overwrite_and_forced_loses_nothing()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "--temp", "-S", "train.lr=0.02", "-n", "good");
        project.Write("params.yaml", "train: {lr: 7, epochs: 1}\nseed: 5\n");
        var error = await project.FailsAsync(255, "exp", "apply", "good");
        Assert.Contains("changed and not committed: params.yaml", error, StringComparison.Ordinal);
        Assert.Contains("lr: 7", project.Read("params.yaml"), StringComparison.Ordinal);
        Assert.False(File.Exists(project.Of("dvc.lock")));

        project.Write("model.txt", "precious, and nowhere else");
        await project.OkAsync("exp", "apply", "good", "--force");
        Assert.Equal(ExpProject.Parameters.Replace("0.1 ", "0.02 ", StringComparison.Ordinal), project.Read("params.yaml"));
        Assert.Equal("0.344333\n", project.Read("model.txt"));
        Assert.Contains("up to date", await project.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Contains("lr: 7", System.Text.Encoding.UTF8.GetString((await project.Git.ReadFileAsync("refs/mlops/exps/before-apply", "params.yaml"))!), StringComparison.Ordinal);
        Assert.Contains(Directory.EnumerateFiles(project.Of(".dvc/cache/files"), "*", SearchOption.AllDirectories), f => File.ReadAllText(f) == "precious, and nowhere else");
    }

    [Fact]
    public async Task Applying_what_is_applied_already_or_on_a_clean_workspace_just_works()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "-S", "train.lr=0.02", "-n", "a");
        await project.OkAsync("exp", "apply", "a");
        Assert.Null(await project.Git.ResolveAsync("refs/mlops/exps/before-apply"));
        await project.Git.AddAndCommitAsync(["params.yaml", "dvc.lock", ".gitignore", "metrics.json"], "Take it");
        Assert.Contains("up to date", await project.OkAsync("repro"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_a_new_name_and_removal_are_about_references_alone()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "run", "--search", "grid", "-S", "train.lr=0.02,0.03");
        var names = (await project.OkAsync("exp", "list", "--name-only")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await project.OkAsync("exp", "branch", names[0]);
        Assert.NotNull(await project.Git.ResolveAsync($"refs/heads/{names[0]}-branch"));
        Assert.Contains("already exists", await project.FailsAsync(255, "exp", "branch", names[0]), StringComparison.Ordinal);
        Assert.Contains("not a name that git allows", await project.FailsAsync(255, "exp", "branch", names[0], "a..b"), StringComparison.Ordinal);
        await project.OkAsync("exp", "rename", names[0], "better");
        Assert.Contains("already", await project.FailsAsync(255, "exp", "rename", names[1], "better"), StringComparison.Ordinal);
        Assert.StartsWith("main:\n\t", await project.OkAsync("exp", "list"), StringComparison.Ordinal);
        await project.OkAsync("exp", "remove", "better");
        Assert.Equal(names[1] + "\n", await project.OkAsync("exp", "list", "--name-only"));
        await project.OkAsync("exp", "run", "--queue", "-n", "waiting");
        Assert.Contains("waiting", await project.OkAsync("exp", "remove", "--queue"), StringComparison.Ordinal);
        await project.OkAsync("exp", "remove", "--rev", "HEAD");
        Assert.Equal("", await project.OkAsync("exp", "list", "-A"));
        Assert.Empty(await project.Git.RefsAsync("refs/mlops"));
    }
}
