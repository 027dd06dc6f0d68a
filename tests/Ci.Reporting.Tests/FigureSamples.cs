using Ci.Evaluation;

namespace Ci.Reporting.Tests;

/// <summary>
/// Reports with every series: boosted trees on Italian electricity load (regression), trees against a linear model on the breast-cancer
/// (binary) and wine (multiclass) tables; measured by <c>mlops evaluate --importance</c>. And a report with a plot of every kind.
/// </summary>
internal static class FigureSamples
{
    /// <summary>The smallest picture: one pixel, PNG.</summary>
    public static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly string[] Animals = ["猫", "σκύλος", "طائر", "<b>fish</b>"];

    public static Report Regression => Report.Read(Samples.Bytes("figures-regression.report.json"));

    public static Report Binary => Report.Read(Samples.Bytes("figures-binary.report.json"));

    public static Report Multiclass => Report.Read(Samples.Bytes("figures-multiclass.report.json"));

    public static Report Plots => ReportPlots.With(Samples.EnergyLoad, [.. Cards], [new PlotPicture("picture.png", "workspace", "image/png", Pixel), new PlotPicture("picture.png", "HEAD", "image/png", Pixel)], 300);

    public static IEnumerable<PlotCard> Cards
    {
        get
        {
            yield return new PlotCard("loss.csv", "Loss", PlotKind.Lines, "step", "loss", [Line("workspace", 0, 40, i => 2 * Math.Exp(-i / 12.0)), Line("HEAD", 1, 30, i => 2.2 * Math.Exp(-i / 14.0))]);
            yield return new PlotCard("smooth.tsv", "Smoothed loss", PlotKind.Smooth, "step", "loss", [Line("workspace", 0, 80, i => Math.Exp(-i / 30.0) + (0.1 * Math.Sin(i * 12.9))), Line("HEAD", 1, 80, i => 1.1 * Math.Exp(-i / 30.0) + (0.1 * Math.Cos(i * 7.3)))]);
            yield return new PlotCard("cloud.json", "Embedding", PlotKind.Scatter, "first", "second", [Line("workspace", 0, 60, i => Math.Sin(i * 12.9)), Line("HEAD", 1, 60, i => Math.Cos(i * 4.1))]);
            yield return new PlotCard("votes.csv", "Votes", PlotKind.Jitter, "annotator", "stars", [Line("workspace", 0, 60, i => i * 7 % 5, i => i % 4)]);
            yield return new PlotCard("importance.yaml", "Importance", PlotKind.Bars, "gain", "feature", [Bars("workspace", 0, [9.4, 5.5, 0.3]), Bars("HEAD", 1, [8.9, 6.1, 1.2])]);
            yield return new PlotCard("classes.csv", "Which animal", PlotKind.Confusion, "actual", "predicted", [Pairs("workspace", 0), Pairs("HEAD", 1)]);
            yield return new PlotCard("shares.csv", "Which animal, in shares", PlotKind.ConfusionShares, "actual", "predicted", [Pairs("workspace", 0)]);
        }
    }

    /// <summary>Every series' every text is this one.</summary>
    public static Report Hostile(string text)
    {
        var sample = Regression;
        var ranking = Multiclass.Series.Ranking!;
        return Tests.Hostile.With(text) with
        {
            Latency = sample.Latency! with { Machine = text },
            Series = sample.Series with
            {
                Ranking = new ReportRanking { Candidate = Renamed(ranking.Candidate, text), Baseline = Renamed(ranking.Baseline!, text) },
                Importance = new ReportImportance { Candidate = Renamed(sample.Series.Importance!.Candidate, text), Baseline = Renamed(sample.Series.Importance.Baseline!, text) },
                Learning = new ReportLearning { X = text, Panels = [.. sample.Series.Learning!.Panels.Select(panel => new LearningPanel { Metric = text, Unit = text, Lines = [.. panel.Lines.Select(line => line with { Rows = text })] })] },
                History = sample.Series.History! with { Metric = text, Unit = text, Points = [.. sample.Series.History!.Points.Select(point => point with { Commit = text, Version = text })] },
            },
            Plots = [.. Plots.Plots.Select(plot => plot with
            {
                Id = text, Title = text, XLabel = text, YLabel = text, Pictures = [],
                Kind = plot.Kind ?? PlotKind.Lines,
                Curves = [.. plot.Curves.Select(curve => curve with { Name = text, Y = plot.Kind == PlotKind.Bars ? [.. curve.Y.Select(_ => text)] : curve.Y })],
            })],
        };
    }

    private static RankingSeries Renamed(RankingSeries series, string text) => series with { Classes = [.. series.Classes.Select((one, i) => one with { Class = $"{text}{i}" })] };

    private static ImportanceSeries Renamed(ImportanceSeries series, string text) => series with { Unit = text, Metric = text, Features = [.. series.Features.Select((one, i) => one with { Feature = $"{text}{i}" })] };

    private static PlotCurve Line(string name, int revision, int points, Func<int, double> y, Func<int, double>? x = null) =>
        new(name, revision, [.. Enumerable.Range(0, points).Select(i => (FormattableString.Invariant($"{x?.Invoke(i) ?? i}"), FormattableString.Invariant($"{y(i):0.#####}")))]);

    private static PlotCurve Bars(string name, int revision, double[] values) => new(name, revision, [.. values.Select((value, i) => (FormattableString.Invariant($"{value}"), $"feature {i} with quite a long name"))]);

    private static PlotCurve Pairs(string name, int revision) =>
        new(name, revision, [.. Enumerable.Range(0, 200).Select(i => (Animals[i % 4], (i * 7 + revision) % 10 < 8 ? Animals[i % 4] : Animals[i * 3 % 4]))]);
}
