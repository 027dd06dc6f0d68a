using System.Diagnostics;
using Ci.Cli.Verbs;
using Ci.Git;
using Ci.Reporting;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>What <c>mlops report</c> draws besides the evaluation, the whole way from training to pictures.</summary>
public sealed class ReportFigureTests
{
    private const string Pipeline = """
        plots:
          - training.csv: {x: iteration, y: training_rmse, title: Training error}
          - classes.json: {x: truth, y: said, template: confusion}
          - dot.png

        """;

    [Fact]
    public async Task Learning_history_importance_latency_and_plots_come_from_one_call()
    {
        using var project = await MeasuredAsync();
        var line = await project.OkAsync("report --baseline base/evaluation.json --learning training.csv --history 10 --plots --figures png --out report");
        Assert.Contains("11 figures", line, StringComparison.Ordinal);
        var report = Report.Read(File.ReadAllBytes(project.Of("report/report.json")));
        Assert.Equal("iteration", report.Series.Learning!.X);
        Assert.Equal(["training", "validation"], report.Series.Learning.Panels[0].Lines.Select(l => l.Rows));
        Assert.Equal(("rmse", "MW"), (report.Series.Learning.Panels[0].Metric, report.Series.Learning.Panels[0].Unit));

        // Three commits measured three things, the last of which is the candidate; the one that only changed words measured nothing.
        Assert.Equal(3, report.Series.History!.Points.Count);
        Assert.Equal("v1.2.0", report.Series.History.Points[1].Version);
        Assert.All(report.Series.History.Points.SkipLast(1), point => Assert.Equal(40, point.Commit!.Length));
        Assert.Equal(report.Metrics[0].Baseline!.Value, report.Series.History.Points[0].Value);
        Assert.Equal(report.Metrics[0].Candidate.Value, report.Series.History.Points[^1].Value);

        Assert.Equal(["a", "b"], report.Series.Importance!.Candidate.Features.Select(f => f.Feature).Order());
        Assert.Equal(["training.csv", "classes.json", "dot.png"], report.Plots.Select(plot => plot.Id));
        Assert.Equal(["workspace", "HEAD"], report.Plots[0].Curves.Select(curve => curve.Name));
        Assert.NotNull(report.Latency!.Baseline);
        foreach (var figure in Figures.All(report))
        {
            Assert.Equal(figure.Svg, File.ReadAllText(project.Of($"report/figures/{figure.Name}.svg")));
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(project.Of($"report/figures/{figure.Name}.png"))[..4]);
        }

        await project.OkAsync("report render report/report.json --out again");
        Assert.Equal(File.ReadAllBytes(project.Of("report/report.html")), File.ReadAllBytes(project.Of("again/report.html")));
    }

    [Fact]
    public async Task What_cannot_be_drawn_is_said_and_leaves_no_report()
    {
        using var project = await MeasuredAsync();
        foreach (var (arguments, why) in new[]
        {
            ("--learning nowhere.csv", "`mlops train --log nowhere.csv` writes it"),
            ("--baseline-learning training.csv", "needs --learning"),
            ("--history 0", "from 1 to 100"),
            ("--history 101", "from 1 to 100"),
            ("--plots 301", "from 1 to 300"),
            ("--learning params.yaml", "params.yaml"),
        })
        {
            var answer = await project.RunAsync($"report --out bad {arguments}");
            Assert.NotEqual(ExitCode.Ok, answer.Code);
            Assert.Contains(why, answer.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(project.Of("bad")));
        }
    }

    [Fact]
    public async Task Fewer_plots_than_there_are_are_taken_in_order_and_the_rest_is_counted()
    {
        using var project = await MeasuredAsync();
        var answer = await project.RunAsync("report --plots 1 --out report");
        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.Contains("2 plots are left out", answer.Error, StringComparison.Ordinal);
        Assert.Contains("2 further plots left out", File.ReadAllText(project.Of("report/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_without_a_hole_is_made_of_every_drawing_and_a_missing_program_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"/>");
        await FigureRaster.DrawAsync(folder.Path, ["a"], CancellationToken.None);
        var png = File.ReadAllBytes(folder.Of("a.png"));
        Assert.Equal((40, 20), (png[19], png[23]));
        var error = await Assert.ThrowsAsync<CliException>(() => FigureRaster.DrawAsync(folder.Path, ["a"], CancellationToken.None, "no-such-rsvg-convert"));
        Assert.Contains("apt-get install librsvg2-bin, or take --figures svg", error.Message, StringComparison.Ordinal);
        folder.Write("b.svg", "this is no drawing");
        Assert.Contains("could not draw b.svg", (await Assert.ThrowsAsync<CliException>(() => FigureRaster.DrawAsync(folder.Path, ["b"], CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_pictures_are_drawn_a_few_at_a_time()
    {
        using var folder = new TemporaryFolder();
        var names = Enumerable.Range(0, 40).Select(i => $"f{i}").ToList();
        names.ForEach(name => folder.Write(name + ".svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\"><rect width=\"50\" height=\"50\"/></svg>"));
        var began = Stopwatch.StartNew();
        await FigureRaster.DrawAsync(folder.Path, names, CancellationToken.None);
        Assert.All(names, name => Assert.True(File.Exists(folder.Of(name + ".png"))));
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(20), $"took {began.Elapsed}");
    }

    // Three measurements on the first-parent line, a commit of words between them, and a workspace that trained anew.
    private static async Task<ModelProject> MeasuredAsync()
    {
        var project = new ModelProject();
        await project.CommitAsync();
        await project.OkAsync("init");
        project.Write("dvc.yaml", Pipeline);
        project.Write("classes.json", """[{"truth": "a", "said": "a"}, {"truth": "b", "said": "a"}]""");
        File.WriteAllBytes(project.Of("dot.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        var git = await GitRepository.OpenAsync(project.Path, new GitOptions { Environment = GitIsolation.Environment });
        foreach (var (iterations, words) in new[] { (3, "few"), (9, "more"), (9, "only words"), (30, "many") })
        {
            project.Write("notes.md", words);
            project.Write("params.yaml", $"train: {{kind: boosted-trees, target: load, key: time, iterations: {iterations}, min_samples_leaf: 3, patience: 20}}\nevaluate: {{target: load, key: time, task: regression, unit: MW}}\n");
            await project.OkAsync("train --data train.csv --out model.onnx --log training.csv");
            await project.OkAsync("evaluate --model model.onnx --data test.csv --predictions predictions.csv.gz --importance");
            await git.AddAndCommitAsync(["notes.md", "params.yaml", "training.csv", "evaluation.json", "dvc.yaml", "classes.json", "dot.png"], words);
            if (words == "more")
                await git.CreateTagAsync("energy-load@v1.2.0", "HEAD", "v1.2.0");
            if (words == "few")
                Directory.CreateDirectory(project.Of("base"));
            if (words == "few")
                File.Copy(project.Of("evaluation.json"), project.Of("base/evaluation.json"));
            if (words == "few")
                File.Copy(project.Of("predictions.csv.gz"), project.Of("base/predictions.csv.gz"));
        }

        project.Write("training.csv", File.ReadAllText(project.Of("training.csv")) + "31,0.1,0.2\n");
        await project.RunAsync("compare --baseline base/evaluation.json");
        return project;
    }
}
