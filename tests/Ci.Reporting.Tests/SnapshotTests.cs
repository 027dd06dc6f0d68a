using System.Xml.Linq;

namespace Ci.Reporting.Tests;

public sealed class SnapshotTests
{
    private static readonly Dictionary<string, string> Urls =
        new[] { "metrics", "slices", "timeline", "residuals", "confusion", "calibration" }.ToDictionary(name => name, name => $"figures/{name}.svg", StringComparer.Ordinal);

    [Fact]
    public void The_comment_reads_as_approved() =>
        Approval.Verify("energy-load.md", MarkdownReport.Render(Samples.EnergyLoad, Urls));

    [Fact]
    public void The_page_reads_as_approved() =>
        Approval.Verify("energy-load.html", HtmlReport.Render(Samples.EnergyLoad));

    [Theory]
    [InlineData("metrics")]
    [InlineData("slices")]
    [InlineData("timeline")]
    [InlineData("residuals")]
    public void Every_figure_of_a_regression_looks_as_approved(string name) =>
        Approval.Verify($"energy-load.{name}.svg", Figures.All(Samples.EnergyLoad).Single(figure => figure.Name == name).Svg);

    [Theory]
    [InlineData("confusion")]
    [InlineData("calibration")]
    public void Every_figure_of_a_classification_looks_as_approved(string name) =>
        Approval.Verify($"wine.{name}.svg", Figures.All(Samples.Classification).Single(figure => figure.Name == name).Svg);

    [Theory]
    [InlineData("actual")]
    [InlineData("importance")]
    [InlineData("learning")]
    [InlineData("history")]
    [InlineData("latency")]
    public void Every_further_figure_of_a_regression_looks_as_approved(string name) =>
        Approval.Verify($"figures.{name}.svg", Figures.All(FigureSamples.Regression).Single(figure => figure.Name == name).Svg);

    [Theory]
    [InlineData("roc")]
    [InlineData("precision-recall")]
    public void Curves_of_two_classes_and_of_several_look_as_approved(string name)
    {
        Approval.Verify($"binary.{name}.svg", Figures.All(FigureSamples.Binary).Single(figure => figure.Name == name).Svg);
        Approval.Verify($"multiclass.{name}.svg", Figures.All(FigureSamples.Multiclass).Single(figure => figure.Name == name).Svg);
    }

    [Fact]
    public void Plots_of_the_pipeline_look_as_approved()
    {
        foreach (var (figure, plot) in Figures.All(FigureSamples.Plots).Where(figure => figure.Group == FigureGroup.Plots).Zip(FigureSamples.Plots.Plots))
            Approval.Verify($"plot.{plot.Kind?.ToString().ToLowerInvariant() ?? "picture"}.svg", figure.Svg);
    }

    [Fact]
    public void The_page_of_a_classification_reads_as_approved() =>
        Approval.Verify("wine.html", HtmlReport.Render(Samples.Classification));
}
