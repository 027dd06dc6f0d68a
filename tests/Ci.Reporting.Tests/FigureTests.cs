using System.Globalization;
using System.Xml.Linq;
using Ci.Reporting.Drawing;

namespace Ci.Reporting.Tests;

public sealed class FigureTests
{
    private static IEnumerable<Figure> AllFigures => 
    [
        .. Figures.All(Samples.EnergyLoad), .. Figures.All(Samples.Classification), .. Figures.All(Hostile.Report),
        .. Figures.All(FigureSamples.Regression), .. Figures.All(FigureSamples.Binary), .. Figures.All(FigureSamples.Multiclass), .. Figures.All(FigureSamples.Plots),
        .. Figures.All(FigureSamples.Hostile(string.Join(" ", Hostile.Texts[..6]) + new string('W', 500))),
    ];

    [Fact]
    public void Every_figure_is_well_formed_XML_with_a_title_and_a_description()
    {
        foreach (var figure in AllFigures)
        {
            var svg = XDocument.Parse(figure.Svg).Root!;
            XNamespace ns = "http://www.w3.org/2000/svg";
            Assert.Equal(ns + "svg", svg.Name);
            Assert.False(string.IsNullOrWhiteSpace(svg.Element(ns + "title")!.Value));
            Assert.False(string.IsNullOrWhiteSpace(svg.Element(ns + "desc")!.Value));
            Assert.Equal("img", svg.Attribute("role")!.Value);
        }
    }

    [Fact]
    public void No_figure_loads_anything_or_runs_anything()
    {
        foreach (var element in AllFigures.SelectMany(figure => XDocument.Parse(figure.Svg).Descendants()))
        {
            Assert.Contains(element.Name.LocalName, new[] { "svg", "title", "desc", "style", "rect", "line", "path", "circle", "text", "image" });
            Assert.DoesNotContain(element.Attributes(), attribute => attribute.Name.LocalName is "style" || attribute.Name.LocalName == "href" && !attribute.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal) || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
            if (element.Name.LocalName == "style")
                Assert.DoesNotContain("url(", element.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_text_leaves_the_card_and_no_labels_on_a_line_touch()
    {
        foreach (var figure in AllFigures)
        {
            var root = XDocument.Parse(figure.Svg).Root!;
            var width = double.Parse(root.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture);
            var boxes = root.Elements().Where(e => e.Name.LocalName == "text").Select(Box).ToList();
            Assert.All(boxes, box => Assert.True(box.Left >= -0.6 && box.Right <= width + 0.6, $"{figure.Name}: '{box.Text}' spans {box.Left} to {box.Right} of {width}"));
            foreach (var line in boxes.GroupBy(box => box.Y))
            {
                var order = line.OrderBy(box => box.Left).ToList();
                for (var index = 1; index < order.Count; index++)
                    Assert.True(order[index].Left >= order[index - 1].Right - 0.6, $"{figure.Name}: '{order[index - 1].Text}' touches '{order[index].Text}'");
            }
        }
    }

    [Fact]
    public void A_report_without_a_baseline_still_has_figures() =>
        Assert.Equal(["metrics", "timeline", "residuals"], Figures.All(Hostile.WithoutBaseline).Select(figure => figure.Name));

    [Fact]
    public void A_report_without_series_has_no_empty_figures() =>
        Assert.Empty(Figures.All(Samples.EnergyLoad with { Metrics = [], Slices = null, Series = new ReportSeries() }));

    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-1200, 800, 4, "−1,000 −500 0 500")]
    [InlineData(2305, 2305, 3, "2,200 2,300 2,400")]
    [InlineData(0.8162, 0.951, 3, "0.85 0.90 0.95")]
    public void Ticks_are_round_numbers_within_the_domain(double low, double high, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', new LinearScale(low, high, 0, 100).Ticks(most).Select(tick => tick.Text)));

    [Fact]
    public void A_scale_of_what_is_not_finite_still_gives_positions()
    {
        Assert.True(double.IsFinite(LinearScale.Around([double.NaN], 0, 100).At(0.5)));
        Assert.True(double.IsFinite(new LinearScale(double.NegativeInfinity, 3, 0, 100).At(0.5)));
    }

    [Fact]
    public void Labels_keep_their_distance_and_their_order()
    {
        var places = Labels.Spread([50.0, 51, 52, 10], y => y, gap: 15, top: 0, bottom: 60).ToList();
        Assert.Equal([10, 50, 51, 52], places.Select(place => place.Item));
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second.Y - pair.First.Y >= 15));
        Assert.True(places[^1].Y <= 60);
    }

    [Fact]
    public void Empty_bins_at_the_ends_are_not_drawn_and_every_error_is_still_counted()
    {
        int[] counts = [0, 0, 1, 0, 0, 0, 40, 300, 500, 400, 60, 0, 0, 0, 0, 2, 0, 0, 0, 0];
        var whole = new ReportResiduals { Low = -1000, Width = 100, Candidate = counts, CandidateBeyond = 4 };
        var trimmed = ResidualsFigure.Trimmed(whole);
        Assert.InRange(trimmed.Candidate.Count, 6, 9);
        Assert.Equal(counts.Sum() + 4, trimmed.Candidate.Sum() + trimmed.CandidateBeyond);
        Assert.Equal(500, trimmed.Candidate[(int)((-200 - trimmed.Low) / 100)]);
    }

    [Fact]
    public void A_text_that_does_not_fit_ends_in_an_ellipsis()
    {
        var cut = TextWidth.Fit("a very long label that goes on and on", 12, 80);
        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.True(TextWidth.Of(cut, 12) <= 80);
        Assert.Equal("short", TextWidth.Fit("short", 12, 80));
    }

    private static (double Left, double Right, double Y, string Text) Box(XElement text)
    {
        var size = double.Parse(text.Attribute("font-size")!.Value, CultureInfo.InvariantCulture);
        var x = double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture);
        var bold = text.Attribute("class")!.Value is "f-title" or "f-strong" or "f-cand-text" or "f-on-dark" or "t0";
        var width = TextWidth.Of(text.Value, size, bold);
        var left = text.Attribute("text-anchor")?.Value switch { "middle" => x - width / 2, "end" => x - width, _ => x };
        return (left, left + width, double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture), text.Value);
    }
}
