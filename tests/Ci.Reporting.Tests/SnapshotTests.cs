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

    [Fact]
    public void The_page_of_a_classification_reads_as_approved() =>
        Approval.Verify("wine.html", HtmlReport.Render(Samples.Classification));
}
