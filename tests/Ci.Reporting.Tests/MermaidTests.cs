using System.Text.RegularExpressions;

namespace Ci.Reporting.Tests;

public sealed partial class MermaidTests
{
    public static TheoryData<string> Texts => [.. Hostile.Texts];

    [Fact]
    public void Figures_without_a_picture_are_drawn_within_the_page_s_budget()
    {
        var text = MarkdownReport.Render(Samples.EnergyLoad, new MarkdownOptions { Mermaid = true }).Text;
        var charts = Fence().Matches(text).Select(match => match.Groups["source"].Value).ToList();
        Assert.Equal(3, charts.Count);
        Assert.InRange(charts.Sum(chart => chart.Length), 1, MarkdownFigures.MermaidBudget);
        Assert.All(charts, chart => Assert.Contains("xychart-beta", chart, StringComparison.Ordinal));
        Assert.Contains("line [100, 100", charts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_picture_comes_before_Mermaid()
    {
        var text = MarkdownReport.Render(Samples.EnergyLoad, new MarkdownOptions { Mermaid = true, Images = new Dictionary<string, string>(StringComparer.Ordinal) { ["metrics"] = "https://forge.example/a.svg" } }).Text;
        Assert.Contains("](https://forge.example/a.svg)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("% of live v1", text, StringComparison.Ordinal);
        Assert.Contains("```mermaid\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_faithful_form_there_is_none()
    {
        Assert.Null(MermaidFigures.Of(Samples.Classification, "confusion"));
        Assert.Null(MermaidFigures.Of(Hostile.WithoutBaseline, "metrics"));
        Assert.NotNull(MermaidFigures.Of(Samples.Classification, "calibration"));
        Assert.NotNull(MermaidFigures.Of(Samples.EnergyLoad, "residuals"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void A_number_that_the_grammar_does_not_know_gives_no_chart(double value)
    {
        var sample = Samples.EnergyLoad;
        Assert.Null(MermaidFigures.Of(sample with { Metrics = [sample.Metrics[0] with { Candidate = new(value) }] }, "metrics"));
        Assert.Null(MermaidText.Number(value));
    }

    [Theory]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(-12345.678, "-12346")]
    [InlineData(0, "0")]
    [InlineData(99.5, "99.5")]
    public void Numbers_have_no_exponent(double value, string expected) => Assert.Equal(expected, MermaidText.Number(value));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_from_outside_leaves_its_label_or_the_fence(string text)
    {
        var hostile = Hostile.With(text);
        foreach (var name in (string[])["metrics", "slices", "timeline", "residuals", "calibration"])
        {
            if (MermaidFigures.Of(hostile, name) is { } chart)
                Assert.All(chart.Source.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        }

        var markdown = MarkdownReport.Render(hostile, new MarkdownOptions { Mermaid = true }).Text;
        Assert.Equal(1, markdown.Split("```").Length % 2);
        Assert.DoesNotContain("::", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("://", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("www.", markdown, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("""^(%%\{init: \{"themeVariables": \{"xyChart": \{"plotColorPalette": "[#0-9a-f, ]+"\}\}\}\}%%|xychart-beta( horizontal)?|  [xy]-axis ("[\p{L}\p{Nd}\p{No}\p{Nl}  .,+\-%()/=°²³·–−…_]*"( -?[0-9.]+ --> -?[0-9.]+)?|\[("[\p{L}\p{Nd}\p{No}\p{Nl} .,+\-%()/=°²³·–−…_]*"(, )?)+\])|  (bar|line) \[(-?[0-9.]+(, )?)+\])$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex("```mermaid\n(?<source>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
