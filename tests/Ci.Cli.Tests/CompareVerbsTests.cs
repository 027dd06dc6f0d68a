using System.Text.Json.Nodes;

namespace Ci.Cli.Tests;

/// <summary>
/// metrics, params, plots and diff beside the transcripts of DVC 3.67.1. What differs on purpose: JSON is indented, and what DVC orders by
/// the accident of a hash (files of <c>params diff --all</c>, keys of <c>--json</c>) stands by path.
/// </summary>
public sealed class CompareVerbsTests
{
    [Fact]
    public async Task Metrics_and_parameters_are_shown_and_compared_in_the_words_of_DVC()
    {
        using var world = await VerbWorld.StartAsync("pipeline/after-repro");
        await world.CommitAsync("run1");
        Assert.Equal("Path          acc    nested.loss    nested.n\nmetrics.json  0.17   1.25           4\n", await world.OkAsync("metrics", "show"));
        Assert.Equal(
            "| Path         | acc   | nested.loss   | nested.n   |\n|--------------|-------|---------------|------------|\n| metrics.json | 0.17  | 1.25          | 4          |\n\n",
            await world.OkAsync("metrics", "show", "--md"));
        await SameJsonAsync(world, """{"": {"data": {"metrics.json": {"data": {"acc": 0.17, "nested": {"loss": 1.25, "n": 4}}}}}}""", "metrics", "show");
        Assert.Equal("", await world.OkAsync("params", "diff"));
        Assert.Equal("", await world.OkAsync("metrics", "diff"));

        world.Write("r/params.yaml", world.Read("r/params.yaml").Replace("1e-3", "0.0125", StringComparison.Ordinal));
        world.Write("r/metrics.json", world.Read("r/metrics.json").Replace("0.17", "0.19", StringComparison.Ordinal));
        Assert.Equal("Path         Param     HEAD    workspace\nparams.yaml  train.lr  0.001   0.0125\n", await world.OkAsync("params", "diff"));
        Assert.Equal("Path         Param     HEAD    workspace\nparams.yaml  train.lr  0.001   0.0125\n", await world.OkAsync("params", "diff", "--deps"));
        Assert.Equal(
            "| Path        | Param    | HEAD   | workspace   |\n|-------------|----------|--------|-------------|\n| params.yaml | train.lr | 0.001  | 0.0125      |\n\n",
            await world.OkAsync("params", "diff", "--md"));
        await SameJsonAsync(world, """{"params.yaml": {"train.lr": {"old": 0.001, "new": 0.0125, "diff": 0.0115}}}""", "params", "diff");
        string[] all =
        [
            "Path             Param           HEAD      workspace", "conf/whole.toml  x.list          [1, 2]    [1, 2]", "params.yaml      train.name      é         é",
            "params.yaml      train.on        True      True", "params.yaml      prepare.split   0.2       0.2", "conf/extra.json  a.b             -         -",
        ];
        var lines = (await world.OkAsync("params", "diff", "--all")).Split('\n');
        Assert.Equal(14 + 1, lines.Length);
        Assert.All(all, line => Assert.Contains(line, lines));

        Assert.Equal("Path          Metric    HEAD    workspace    Change\nmetrics.json  acc       0.17    0.19         0.02\n", await world.OkAsync("metrics", "diff"));
        Assert.Equal("Metric    HEAD    workspace    Change\nacc       0.17    0.19         0.02\n", await world.OkAsync("metrics", "diff", "--no-path"));
        Assert.Equal("Path          Metric    HEAD    workspace    Change\nmetrics.json  acc       0.2     0.2          0.0\n", await world.OkAsync("metrics", "diff", "--precision", "1"));
        await SameJsonAsync(world, """{"metrics.json": {"acc": {"old": 0.17, "new": 0.19, "diff": 0.01999999999999999}}}""", "metrics", "diff");
        Assert.Equal(
            "Path          Metric       HEAD    workspace    Change\nmetrics.json  acc          0.17    0.19         0.02\nmetrics.json  nested.loss  1.25    1.25         0.0\nmetrics.json  nested.n     4       4            0\n",
            await world.OkAsync("metrics", "diff", "--all"));

        await world.CommitAsync("run2");
        Assert.Equal("Path          Metric    HEAD~1    HEAD    Change\nmetrics.json  acc       0.17      0.19    0.02\n", await world.OkAsync("metrics", "diff", "HEAD~1", "HEAD"));
        Assert.Equal("Path         Param     HEAD~1    HEAD\nparams.yaml  train.lr  0.001     0.0125\n", await world.OkAsync("params", "diff", "HEAD~1", "HEAD"));
        Assert.Equal("", await world.OkAsync("metrics", "diff", "HEAD", "HEAD"));
        Assert.Contains("unknown Git revision 'nosuchrev'", await world.FailsAsync(255, "metrics", "diff", "nosuchrev"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_metrics_that_is_absent_or_damaged_has_a_row_and_is_told()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", "metrics: [m.json, absent.json, broken.yaml]\n");
        world.Write("r/m.json", """{"a": 1.5}""");
        world.Write("r/broken.yaml", "a: [1\n");
        var (code, output, error) = await world.RunAsync("metrics", "show");
        Assert.Equal((0, "Path         a\nm.json       1.5\nabsent.json  -\nbroken.yaml  -\n"), (code, output));
        Assert.Contains("`absent.json` does not exist", error, StringComparison.Ordinal);
        Assert.Equal("| Path        | a   |\n|-------------|-----|\n| m.json      | 1.5 |\n| absent.json | -   |\n| broken.yaml | -   |\n\n", await world.OkAsync("metrics", "show", "--md"));
        var data = (await world.JsonAsync("metrics", "show"))[""]!["data"]!;
        Assert.Equal("FileNotFoundError YAMLFileCorruptedError", $"{data["absent.json"]!["error"]!["type"]} {data["broken.yaml"]!["error"]!["type"]}");
        Assert.Equal(1.5, (double)data["m.json"]!["data"]!["a"]!);
        await world.CommitAsync("one");
        Assert.Equal("Revision    Path         a\nmain        m.json       1.5\nmain        absent.json  -\nmain        broken.yaml  -\n", await world.OkAsync("metrics", "show", "-a"));

        // Asked for by name: what the pipeline names is a finding, what it does not is a slip of the fingers.
        Assert.Equal("Path\nabsent.json\n", await world.OkAsync("metrics", "show", "absent.json"));
        Assert.Contains("is no file of metrics here", await world.FailsAsync(255, "metrics", "show", "abscent.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_and_parameters_of_the_top_level_are_compared_with_what_is_text_or_new()
    {
        using var world = await VerbWorld.StartAsync("topplots/tree");
        var (metrics, parameters) = (world.Read("r/m.yaml"), world.Read("r/p.json"));
        world.Write("r/m.yaml", "acc: 0.9\nn: {x: 3, s: str}\n");
        world.Write("r/p.json", """{"q": 1}""");
        await world.CommitAsync("one");
        world.Write("r/m.yaml", metrics);
        world.Write("r/p.json", parameters);
        Assert.Equal("Path    acc    f1       n.new    n.s    n.x\nm.yaml  0.95   -        1        str2   2\nm.toml  -      0.12346  -        -      -\n", await world.OkAsync("metrics", "show"));
        await SameJsonAsync(world, """{"workspace": {"data": {"m.yaml": {"data": {"acc": 0.95, "n": {"x": 2, "s": "str2", "new": 1}}}, "m.toml": {"data": {"f1": 0.123456789}}}}}""", "metrics", "show", "-T");
        Assert.Equal(
            "Path    Metric    HEAD    workspace    Change\nm.yaml  acc       0.9     0.95         0.05\nm.yaml  n.new     -       1            -\nm.yaml  n.s       str     str2         -\nm.yaml  n.x       3       2            -1\n",
            await world.OkAsync("metrics", "diff"));
        Assert.Equal("Path    Param    HEAD    workspace\np.json  q        1       2\np.json  r        -       [1]\n", await world.OkAsync("params", "diff"));
        await SameJsonAsync(world, """{"p.json": {"q": {"old": 1, "new": 2, "diff": 1}, "r": {"old": null, "new": "[1]"}}}""", "params", "diff");
    }

    [Fact]
    public async Task A_revision_is_read_with_the_pipeline_that_it_had_and_from_the_cache_where_Git_has_nothing()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", "stages:\n  old:\n    cmd: echo '{\"a\":' $(cat n) '}' > was.json\n    deps: [n]\n    metrics: [was.json]\n");
        world.Write("r/n", "1");
        await world.OkAsync("repro");
        await world.CommitAsync("one");
        world.Write("r/n", "2");
        await world.OkAsync("repro");
        await world.CommitAsync("two");
        File.Delete(world.Of("r/was.json"));
        world.Write("r/dvc.yaml", "stages:\n  fresh:\n    cmd: echo '{\"b\":' $(cat n) '}' > is.json\n    deps: [n]\n    metrics: [is.json]\n");
        await world.OkAsync("repro");
        await world.CommitAsync("three");

        Assert.Equal("Path      Metric    HEAD~2    HEAD~1    Change\nwas.json  a         1         2         1\n", await world.OkAsync("metrics", "diff", "HEAD~2", "HEAD~1"));
        Assert.Equal("Path      Metric    HEAD~1    workspace    Change\nis.json   b         -         2            -\nwas.json  a         2         -            -\n", await world.OkAsync("metrics", "diff", "HEAD~1"));
        await SameJsonAsync(world, """{"is.json": {"b": {"old": 2, "new": 2, "diff": 0}}}""", "metrics", "diff", "HEAD", "--targets", "is.json", "--all");

        Directory.Delete(world.Of("r/.dvc/cache"), recursive: true);
        var (code, output, error) = await world.RunAsync("metrics", "diff", "HEAD~2", "HEAD~1");
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("`was.json` of HEAD~2 is not in the cache; get it with `mlops fetch`", error, StringComparison.Ordinal);
        Assert.Contains("is a file of values neither in", await world.FailsAsync(255, "metrics", "diff", "--targets", "nowhere.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Branches_tags_and_commits_stand_beside_the_workspace_unless_it_says_the_same()
    {
        using var world = await VerbWorld.StartAsync();
        Assert.Equal("", await world.OkAsync("metrics", "diff"));
        world.Write("r/dvc.yaml", "metrics: [m.json]\nparams: []\n");
        world.Write("r/m.json", """{"a": 1}""");
        var commit = await world.CommitAsync("one");
        Assert.Equal("Revision    Path    a\nmain        m.json  1\n", await world.OkAsync("metrics", "show", "-a"));
        Assert.Equal($"Revision                                  Path    a\nworkspace                                 m.json  1\n{commit}  m.json  1\n", await world.OkAsync("metrics", "show", "-A"));
        world.Write("r/m.json", """{"a": 2}""");
        Directory.CreateDirectory(world.Of("r/sub"));
        world.Here = "r/sub";
        Assert.Equal("Revision    Path       a\nworkspace   ../m.json  2\nmain        ../m.json  1\n", await world.OkAsync("metrics", "show", "-a"));
        world.Here = "r";
        Assert.Contains("`x.json` is no file of metrics", await world.FailsAsync(255, "metrics", "show", "x.json"), StringComparison.Ordinal);
        await world.FailsAsync(254, "metrics", "show", "--precision", "-3");
    }

    [Theory]
    [InlineData(2.675, 2, 2.67)]
    [InlineData(0.5, 0, 0)]
    [InlineData(1.5, 0, 2)]
    [InlineData(0.015625, 5, 0.01562)]
    [InlineData(0.123456789, 5, 0.12346)]
    [InlineData(-1e22, 5, -1e22)]
    [InlineData(1e-7, 5, 0)]
    public void Numbers_are_rounded_as_Python_rounds_them(double value, int digits, double expected) => Assert.Equal(expected, Verbs.ValueTable.Rounded(value, digits));

    [Fact]
    public async Task Data_is_compared_by_file_down_into_folders()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/d.txt", "a\n");
        world.Write("r/dd/1", "1\n");
        world.Write("r/dd/3", "3\n");
        await world.OkAsync("add", "d.txt", "dd");
        await world.CommitAsync("one");
        Assert.Equal("{}", (await world.OkAsync("diff", "--json")).Trim());
        Assert.Equal("", await world.OkAsync("diff"));
        world.Write("r/d.txt", "b\n");
        File.Move(world.Of("r/dd/3"), world.Of("r/dd/5"));
        world.Write("r/dd/6", "6\n");
        Assert.Equal("Added:\n    dd/6\n\nRenamed:\n    dd/3 -> dd/5\n\nModified:\n    d.txt\n    dd/\n\nfiles summary: 1 added, 1 renamed, 1 modified\n", await world.OkAsync("diff"));
        await SameJsonAsync(world, """{"added": [{"path": "dd/6"}], "deleted": [], "modified": [{"path": "d.txt"}, {"path": "dd/"}], "renamed": [{"path": {"old": "dd/3", "new": "dd/5"}}], "not in cache": []}""", "diff");
        Assert.Contains("| modified | 60b725f1..3b5d5c37 | d.txt        |", await world.OkAsync("diff", "--md", "--show-hash"), StringComparison.Ordinal);
        Assert.Equal("Modified:\n    d.txt\n\nfiles summary: 1 modified\n", await world.OkAsync("diff", "--targets", "d.txt"));
        await world.OkAsync("add", "d.txt", "dd");
        await world.CommitAsync("two");
        await SameJsonAsync(world, """{"added": [{"path": "dd/6"}], "deleted": [], "modified": [{"path": "d.txt"}, {"path": "dd/"}], "renamed": [{"path": {"old": "dd/3", "new": "dd/5"}}]}""", "diff", "HEAD~1", "HEAD");

        Directory.Delete(world.Of("r/.dvc/cache"), recursive: true);
        Assert.Equal("Not in cache:\n    d.txt\n    dd/\n\nfiles summary: 1 not in cache\n", await world.OkAsync("diff"));
        Assert.Equal("", await world.OkAsync("diff", "--hide-missing"));
        Assert.Contains("`zz` is tracked neither in HEAD nor in workspace", await world.FailsAsync(1, "diff", "--targets", "zz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stages_are_listed_in_the_words_of_DVC()
    {
        using var world = await VerbWorld.StartAsync("pipeline/after-repro");
        Assert.Equal("prepare   Outputs data/prepared\ntrain     Outputs model.bin\nevaluate  Reports metrics.json, plots.csv, cachedplot.json\n", await world.OkAsync("stage", "list"));
        Assert.Equal("prepare\ntrain\nevaluate\n", await world.OkAsync("stage", "list", "--name-only"));
        world.Here = "r/data";
        Assert.Equal("", await world.OkAsync("stage", "list"));
        Assert.Equal("prepare\ntrain\nevaluate\n", await world.OkAsync("stage", "list", "--all", "--name-only"));
        Assert.Equal("..\n", await world.OkAsync("root"));
    }

    private static async Task SameJsonAsync(VerbWorld world, string expected, params string[] arguments) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), await world.JsonAsync(arguments)), $"{string.Join(' ', arguments)}:\n{await world.OkAsync([.. arguments, "--json"])}");
}
