using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Ci.Evaluation;
using Ci.Statistics;
using Ci.Testing;

namespace Ci.Reporting.Tests;

public sealed class FigureSeriesTests
{
    [Fact]
    public void Figures_stand_in_one_fixed_order()
    {
        Assert.Equal(["metrics", "slices", "timeline", "actual", "residuals", "importance", "learning", "history", "latency"], Names(FigureSamples.Regression));
        Assert.Equal(["metrics", "confusion", "roc", "precision-recall", "calibration", "importance", "learning", "latency"], Names(FigureSamples.Binary));
        Assert.Equal(["plot-1", "plot-2", "plot-3", "plot-4", "plot-5", "plot-6", "plot-7", "plot-8"], Figures.All(FigureSamples.Plots).Where(figure => figure.Group == FigureGroup.Plots).Select(figure => figure.Name));
        Assert.Equal(Figures.All(FigureSamples.Regression), Figures.All(FigureSamples.Regression));
    }

    [Fact]
    public void A_comment_has_at_most_three_figures_and_a_regression_is_argued_by_what_regresses()
    {
        Assert.Equal(["metrics", "slices", "timeline"], Figures.ForComment(FigureSamples.Regression));
        Assert.Equal(["metrics", "confusion", "roc"], Figures.ForComment(FigureSamples.Binary));
        Assert.Equal("calibration", Figures.ForComment(Broken(FigureSamples.Binary, MetricNames.LogLoss, null))[0]);
        Assert.Equal("latency", Figures.ForComment(Broken(FigureSamples.Regression, MetricNames.LatencyP95, null))[0]);
        Assert.Equal(["slices", "metrics", "timeline"], Figures.ForComment(Broken(FigureSamples.Regression, MetricNames.Rmse, "holiday=1")));
    }

    [Fact]
    public void What_is_written_fits_its_schema_and_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var schema = RepositoryRoot.At("docs", "protocol", "schemas", "report.schema.json");
        foreach (var report in new[] { FigureSamples.Regression, FigureSamples.Binary, FigureSamples.Plots })
        {
            File.WriteAllBytes(folder.Of("report.json"), report.ToBytes());
            Assert.Equal("", JsonSchemas.Problems(schema, folder.Of("report.json")));
            Assert.Equal(report.ToBytes(), Report.Read(report.ToBytes()).ToBytes());
        }
    }

    [Theory]
    [InlineData("series.actual.counts", "a count of at least 0 for every square")]
    [InlineData("series.ranking.point", "outside of 0 to 1")]
    [InlineData("series.importance.interval", "ends are swapped")]
    [InlineData("series.history.points", "has 0 points")]
    [InlineData("series.learning.panels", "1 to 4 panels")]
    [InlineData("latency.quantiles", "ascending")]
    [InlineData("plots.picture", "has a picture that is no image/png")]
    [InlineData("plots.lists", "lists differ in length")]
    public void A_report_whose_series_do_not_hold_together_is_refused(string what, string why)
    {
        var json = JsonNode.Parse((what.StartsWith("plots", StringComparison.Ordinal) ? FigureSamples.Plots : what.Contains("ranking", StringComparison.Ordinal) ? FigureSamples.Binary : FigureSamples.Regression).ToBytes())!;
        switch (what)
        {
            case "series.actual.counts": json["series"]!["actual"]!["candidate"]!.AsArray().RemoveAt(0); break;
            case "series.ranking.point": json["series"]!["ranking"]!["candidate"]!["classes"]![0]!["roc"]![0]!["x"] = -0.5; break;
            case "series.importance.interval": json["series"]!["importance"]!["candidate"]!["features"]![0]!["low"] = 1e9; break;
            case "series.history.points": json["series"]!["history"]!["points"] = new JsonArray(); break;
            case "series.learning.panels": json["series"]!["learning"]!["panels"] = new JsonArray(); break;
            case "latency.quantiles": json["latency"]!["quantilesMs"] = new JsonArray(3, 2, 1); break;
            case "plots.picture": json["plots"]![7]!["pictures"]![0]!["data"] = Convert.ToBase64String("<svg onload='x()'/>"u8.ToArray()); break;
            default: json["plots"]![0]!["curves"]![0]!["x"]!.AsArray().RemoveAt(0); break;
        }

        var error = Assert.Throws<ReportException>(() => Report.Read(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_hundred_plots_stay_within_time_and_size()
    {
        var began = Stopwatch.StartNew();
        var curve = new PlotCurve("workspace", 0, [.. Enumerable.Range(0, 20_000).Select(i => ($"{i}", $"{i * 37 % 1000}"))]);
        var cards = Enumerable.Range(0, 320).Select(i => new PlotCard($"plots/{i}.csv", $"Plot {i}", i % 2 == 0 ? PlotKind.Lines : PlotKind.Smooth, "step", "loss", [curve, curve with { Name = "HEAD", Revision = 1 }])).ToList();
        var report = ReportPlots.With(Samples.EnergyLoad, cards, [], 300);
        Assert.Equal((300, 20), (report.Plots.Count, report.PlotsLeftOut));
        Assert.True(report.ToBytes().Length < Report.MostBytes);
        var figures = Figures.All(report);
        Assert.Equal(300, figures.Count(figure => figure.Group == FigureGroup.Plots));
        Assert.All(figures, figure => Assert.True(figure.Svg.Length < 100_000, $"{figure.Name} has {figure.Svg.Length} characters"));
        Assert.True(HtmlReport.Render(report).Length < 30_000_000);
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"took {began.Elapsed}");
    }

    [Fact]
    public void A_report_of_long_texts_drops_plots_rather_than_become_unreadable()
    {
        var curve = new PlotCurve("workspace", 0, [.. Enumerable.Range(0, 300).Select(i => (new string('W', 290) + i, $"{i}"))]);
        var report = ReportPlots.With(Samples.EnergyLoad, [.. Enumerable.Range(0, 100).Select(i => new PlotCard($"{i}.csv", "t", PlotKind.Lines, "x", "y", [curve]))], [], 300);
        Assert.InRange(report.Plots.Count, 10, 99);
        Assert.Equal(100, report.Plots.Count + report.PlotsLeftOut);
        Assert.Equal(report.Plots.Count, Report.Read(report.ToBytes()).Plots.Count);
    }

    [Fact]
    public void A_picture_goes_in_as_data_and_a_vector_picture_stays_out()
    {
        var report = ReportPlots.With(Samples.EnergyLoad, [], [new PlotPicture("a.png", "workspace", "image/png", FigureSamples.Pixel), new PlotPicture("b.svg", "workspace", "image/svg+xml", "<svg onload='x()'/>"u8.ToArray())], 5);
        Assert.Equal((1, 1), (report.Plots.Count, report.PlotsLeftOut));
        var image = XDocument.Parse(Figures.All(report).Single(figure => figure.Group == FigureGroup.Plots).Svg).Descendants().Single(e => e.Name.LocalName == "image");
        Assert.StartsWith("data:image/png;base64,", image.Attribute("href")!.Value, StringComparison.Ordinal);
        Assert.Contains("img-src data:", HtmlReport.Render(report), StringComparison.Ordinal);
        Assert.DoesNotContain("img-src", HtmlReport.Render(Samples.EnergyLoad), StringComparison.Ordinal);
    }

    [Fact]
    public void Learning_curves_part_their_columns_into_metrics_and_rows()
    {
        var learning = LearningLog.Read(Csv("epoch,train_loss,val_loss,acc_val,note\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => FormattableString.Invariant($"{i},{1.0 / i:R},{(i == 537 ? 0.0001 : 2.0 / i):R},{i / 1000.0:R},x\n")))), null, "MW");
        Assert.Equal(("epoch", 2), (learning.X, learning.Panels.Count));
        Assert.Equal(["training", "validation"], learning.Panels[0].Lines.Select(line => line.Rows));
        Assert.Equal(("loss", "acc"), (learning.Panels[0].Metric, learning.Panels[1].Metric));
        Assert.All(learning.Panels.SelectMany(panel => panel.Lines), line => Assert.InRange(line.Points.Count, 2, 202));
        // The best value survives the thinning.
        Assert.Contains(learning.Panels[0].Lines[1].Points, point => point.X == 537);
        Assert.Contains("holds numbers", Assert.Throws<ReportException>(() => LearningLog.Read(Csv("epoch,name\n1,a\n"), null, null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roc")]
    [InlineData("importance")]
    [InlineData("history")]
    public void The_pictures_of_the_guide_are_what_is_drawn(string name)
    {
        var drawn = Figures.All(name == "roc" ? FigureSamples.Binary : FigureSamples.Regression).Single(figure => figure.Name == name).Svg;
        var shown = RepositoryRoot.At("docs", "images", "figures", $"{name}.svg");
        var made = RepositoryRoot.At("tests", "Ci.Reporting.Tests", "Approved", name == "roc" ? "binary.roc.svg" : $"figures.{name}.svg");
        Assert.True(drawn == File.ReadAllText(shown).ReplaceLineEndings("\n"), $"{shown} is not what is drawn now: copy {made} over it once that is approved");
    }

    [Fact]
    public void A_point_of_history_needs_nothing_but_its_value()
    {
        var report = FigureSamples.Regression with { Series = new ReportSeries { History = new ReportHistory { Metric = "rmse", Points = [new HistoryPoint(3), new HistoryPoint(2)] } } };
        Assert.Equal(2, Report.Read(report.ToBytes()).Series.History!.Points.Count);
        Assert.Contains("now", Figures.All(report).Single(figure => figure.Name == "history").Svg, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_ends_in_the_candidate_and_names_the_best_before()
    {
        var history = FigureSamples.Regression.Series.History!;
        var figure = Figures.All(FigureSamples.Regression).Single(f => f.Name == "history");
        Assert.Contains($"best before {Numbers.Text(history.Points.SkipLast(1).Min(p => p.Value), null, null)[..3]}", figure.Title, StringComparison.Ordinal);
        Assert.Contains("v1.0.0", figure.Svg, StringComparison.Ordinal);
    }

    private static Table Csv(string text) => Table.ReadCsv(new StringReader(text), "training.csv");

    private static IEnumerable<string> Names(Report report) => Figures.All(report).Select(figure => figure.Name);

    private static Report Broken(Report report, string metric, string? slice) => report with
    {
        Outcome = Outcome.Regress,
        Gates = [new ReportGate { Name = "g", Metric = metric, Slice = slice, Rule = "r", Outcome = Outcome.Regress }, .. report.Gates.Where(gate => gate.Outcome != Outcome.Regress)],
    };
}
