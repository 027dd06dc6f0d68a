using System.Globalization;
using System.Xml.Linq;
using Ci.Evaluation;

namespace Ci.Reporting.Tests;

/// <summary>Whatever a report may hold, its figures are well-formed, finite and bounded.</summary>
public sealed class DegenerateFigureTests
{
    private static readonly double[][] Values = [[1], [3, 3, 3], [0, 0], [1e-300, 2e-300], [1e290, -1e290, 0], [1e15, 1e15 + 1], [-5, -5.0000001], [double.Epsilon, 1]];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Values.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Curves_of_any_numbers_are_drawn_with_finite_coordinates(int index)
    {
        foreach (var kind in Enum.GetValues<PlotKind>())
        {
            var points = Values[index].Select((value, i) => (value.ToString("R", CultureInfo.InvariantCulture), (index % 2 == 0 ? value : i).ToString("R", CultureInfo.InvariantCulture))).ToList();
            Check(ReportPlots.With(Samples.EnergyLoad, [new PlotCard("p", "t", kind, "x", "y", [new PlotCurve("workspace", 0, points), new PlotCurve("HEAD", 1, points)])], [], 1));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Series_of_any_numbers_are_drawn_with_finite_coordinates(int index)
    {
        var numbers = Values[index];
        var quantiles = numbers.Select(Math.Abs).Order().ToList();
        Check(FigureSamples.Regression with
        {
            Latency = new ReportLatency { P50Ms = quantiles[0], P95Ms = quantiles[^1], P99Ms = quantiles[^1], QuantilesMs = quantiles, Baseline = new ReportLatencyBaseline { P50Ms = 1, P95Ms = 1, QuantilesMs = [1, 1] } },
            Series = new ReportSeries
            {
                Importance = new ReportImportance { Candidate = new ImportanceSeries { Metric = "rmse", AllFeatures = numbers.Length, Rows = 1, Repeats = 1, Features = [.. numbers.Select((n, i) => new FeatureImportance($"f{i}", n, n, n))] } },
                Learning = new ReportLearning { X = "step", Panels = [new LearningPanel { Metric = "loss", Lines = [new LearningLine("training", [.. numbers.Select((n, i) => new CurvePoint(i, n))]), new LearningLine("", [.. numbers.Select(n => new CurvePoint(n, n))])] }] },
                History = new ReportHistory { Metric = "rmse", Direction = "lower", Points = [.. numbers.Concat(numbers).Select(n => new HistoryPoint(n, n > 0 ? "abc" : null, null, n, n))] },
            },
        });
    }

    [Fact]
    public void Curves_of_a_class_with_one_row_or_with_all_are_drawn()
    {
        var point = new ClassCurves("only", 1, [new(0, 0)], new CurveArea(1), [new(1, 1)], new CurveArea(1, 1, 1));
        Check(FigureSamples.Binary with { Series = new ReportSeries { Ranking = new ReportRanking { Candidate = new RankingSeries { Classes = [point], AllClasses = 1, Rows = 1 } } } });
        Check(FigureSamples.Binary with { Series = new ReportSeries { Actual = new ReportActual { Low = 0, Width = 1e-9, Bins = 1, Candidate = [1] } } });
        Check(FigureSamples.Binary with { Series = new ReportSeries { Actual = new ReportActual { Low = -1e280, Width = 1e279, Bins = 2, Candidate = [0, 0, 0, 7], CandidateBeyond = 4, Baseline = [0, 0, 0, 0] } } });
    }

    [Fact]
    public void Ten_thousand_categories_become_a_picture_that_says_how_many_it_leaves_out()
    {
        var points = Enumerable.Range(0, 10_000).Select(i => ($"class {i}", $"class {i * 7 % 10_000}")).ToList();
        foreach (var kind in Enum.GetValues<PlotKind>())
        {
            var report = ReportPlots.With(Samples.EnergyLoad, [new PlotCard("p", "t", kind, "x", "y", [new PlotCurve("workspace", 0, kind is PlotKind.Confusion or PlotKind.ConfusionShares ? points : [.. points.Select((p, i) => kind == PlotKind.Bars ? ($"{i}", p.Item1) : (p.Item1, $"{i}"))])])], [], 1);
            Check(report);
            var figure = Figures.All(report).Single(f => f.Group == FigureGroup.Plots);
            Assert.True(figure.Svg.Length < 120_000, $"{kind}: {figure.Svg.Length}");
            if (kind == PlotKind.Confusion)
                Assert.Contains("others", figure.Svg, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("نموذج التنبؤ بالحمل الكهربائي في المدينة")]
    [InlineData("電力負荷予測モデルの非常に長い名前です。電力負荷予測モデルの非常に長い名前です。")]
    [InlineData("मॉडल का नाम <script>alert('x')</script> & \"quotes\"")]
    [InlineData("👩‍🔬👩‍🔬👩‍🔬 e\u0301\u0301\u0301\u0301 \u202Eevil")]
    [InlineData("")]
    public void Labels_in_any_script_stay_texts_within_the_card(string label)
    {
        var report = FigureSamples.Hostile(label + new string('x', label.Length));
        Check(report);
        foreach (var text in Figures.All(report).SelectMany(figure => XDocument.Parse(figure.Svg).Descendants()).Where(e => e.Name.LocalName == "text"))
            Assert.DoesNotContain('\u202E', text.Value);
    }

    [Fact]
    public void Curves_without_a_number_are_left_out_with_a_reason()
    {
        Assert.Null(PlotFigure.Of(new PlotCard("p", "t", PlotKind.Lines, "x", "y", [new PlotCurve("w", 0, [("a", "NaN"), ("b", "1e999")])]), "plot-1", out var reason));
        Assert.Contains("holds no numbers", reason, StringComparison.Ordinal);
        Assert.Null(PlotFigure.Of(new PlotCard("p", "t", PlotKind.Confusion, "x", "y", []), "plot-1", out reason));
        Assert.NotNull(reason);
    }

    // As files and as parts of the page, in both widths.
    private static void Check(Report report)
    {
        foreach (var svg in Figures.All(report).Select(figure => figure.Svg).Concat(Figures.Drawings(report).Select(drawing => drawing.Render(Drawing.FigureSize.Wide, card: false))))
        {
            var root = XDocument.Parse(svg).Root!;
            var box = root.Attribute("viewBox")!.Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(box[3], 20, 6_000);
            foreach (var attribute in root.Descendants().Attributes().Where(a => a.Name.LocalName is "x" or "y" or "x1" or "x2" or "y1" or "y2" or "cx" or "cy" or "width" or "height"))
                Assert.InRange(double.Parse(attribute.Value, CultureInfo.InvariantCulture), -10_000, 10_000);
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", string.Concat(root.Descendants().Where(e => e.Name.LocalName == "path").Select(e => e.Attribute("d")!.Value)), StringComparison.Ordinal);
        }
    }
}
