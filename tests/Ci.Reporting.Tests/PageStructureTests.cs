using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ci.Reporting.Tests;

/// <summary>What every page keeps: well-formed, anchors unique, headings in order, colours legible, nothing from elsewhere.</summary>
public sealed partial class PageStructureTests
{
    public static TheoryData<string> Names => ["report", "classification", "hostile", "card", "printed"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_is_well_formed_and_says_its_language(string name)
    {
        var root = Parse(name);
        Assert.Equal("en", (string?)root.Attribute("lang"));
        Assert.NotEqual("", root.Descendants("title").First().Value);
        Assert.All(root.Descendants("table"), table => Assert.NotEmpty(table.Descendants("tbody").Elements("tr")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_anchor_stands_once_and_every_link_within_the_page_leads_somewhere(string name)
    {
        var root = Parse(name);
        var ids = root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(root.Descendants("a").Select(link => (string)link.Attribute("href")!).Where(href => href.StartsWith('#')), href => Assert.Contains(href[1..], ids));
        Assert.All(root.Descendants("section"), section => Assert.Equal($"#{(string?)section.Attribute("id")}", (string?)section.Element("h2")!.Element("a")!.Attribute("href")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Headings_descend_one_level_at_a_time_and_there_is_one_title(string name)
    {
        var levels = Parse(name).Descendants().Where(element => Heading().IsMatch(element.Name.LocalName)).Select(element => element.Name.LocalName[1] - '0').ToList();
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}"));
    }

    [Theory]
    [InlineData("card")]
    [InlineData("printed")]
    public void Sections_of_a_card_are_numbered_in_order_and_in_the_contents(string name)
    {
        var root = Parse(name);
        var headings = root.Descendants("section").Select(section => section.Element("h2")!.Value).ToList();
        Assert.Equal(Enumerable.Range(1, 13).Select(number => number.ToString(CultureInfo.InvariantCulture)), headings.Select(heading => heading.Split(' ')[0]));
        Assert.Equal(headings, root.Descendants("nav").Single().Descendants("a").Select(link => link.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_comes_from_elsewhere(string name)
    {
        var root = Parse(name);
        Assert.DoesNotContain(root.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "srcset" or "poster" or "style" or "background" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(root.Descendants().Attributes("href"), href => Assert.True(href.Parent!.Name.LocalName == "a" && (href.Value.StartsWith('#') || href.Value.StartsWith("https://", StringComparison.Ordinal)), href.Value));
        Assert.All(root.Descendants("style"), style => Assert.DoesNotMatch(External(), style.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_has_words_and_every_head_of_a_column_its_scope(string name)
    {
        var root = Parse(name);
        Assert.All(root.Descendants().Where(element => element.Name.LocalName == "svg"), svg =>
        {
            Assert.Equal("img", (string?)svg.Attribute("role"));
            Assert.All(svg.Elements().Where(element => element.Name.LocalName is "title" or "desc"), words => Assert.NotEqual("", words.Value));
            Assert.Equal(2, svg.Elements().Count(element => element.Name.LocalName is "title" or "desc"));
        });
        Assert.All(root.Descendants("th"), head => Assert.Contains((string?)head.Attribute("scope"), (string[])["col", "row"]));
    }

    [Fact]
    public void Tables_of_the_page_can_be_sorted_and_numbers_sort_as_numbers()
    {
        var root = Parse("report");
        Assert.All(root.Descendants("table").Where(table => (string?)table.Attribute("class") != "facts"), table => Assert.Contains("sortable", (string?)table.Attribute("class"), StringComparison.Ordinal));
        var rows = root.Descendants("section").Single(section => (string?)section.Attribute("id") == "slices").Descendants("tbody").Single().Elements("tr");
        Assert.Equal(Samples.EnergyLoad.Slices!.Rows.Select(slice => (double)slice.Rows), rows.Select(row => double.Parse((string)row.Elements().ElementAt(1).Attribute("data-sort")!, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("light", "ink")]
    [InlineData("light", "muted")]
    [InlineData("light", "accent")]
    [InlineData("light", "warn")]
    [InlineData("light", "grey")]
    [InlineData("dark", "ink")]
    [InlineData("dark", "muted")]
    [InlineData("dark", "accent")]
    [InlineData("dark", "warn")]
    [InlineData("dark", "grey")]
    [InlineData("print", "ink")]
    [InlineData("print", "muted")]
    [InlineData("print", "accent")]
    [InlineData("print", "warn")]
    public void Text_is_legible_in_every_theme(string theme, string colour)
    {
        var sheet = HtmlAssets.Style.Split(":root{")[theme switch { "light" => 1, "dark" => 2, _ => 3 }];
        foreach (var ground in colour == "warn" ? (string[])["paper", "warnback"] : ["paper", "soft"])
            Assert.True(Contrast(Colour(sheet, colour), Colour(sheet, ground)) >= 4.5 || (colour, ground) == ("grey", "soft"), $"{theme}: {colour} on {ground} is {Contrast(Colour(sheet, colour), Colour(sheet, ground)):F2}");
    }

    [Fact]
    public void The_printed_card_uses_the_colours_that_the_page_prints_with()
    {
        Assert.DoesNotContain("var(", PrintFigure.Style, StringComparison.Ordinal);
        foreach (var (name, used) in ((string, string)[])[("accent", PrintFigure.Style), ("muted", CardStyle.Print), ("warn", CardStyle.Print)])
            Assert.Contains(HtmlAssets.Style.Split(":root{")[3].Split($"--{name}:")[1].Split(';')[0], used, StringComparison.Ordinal);
    }

    private static string Page(string name) => name switch
    {
        "report" => HtmlReport.Render(Samples.EnergyLoad with { DataCheck = ReportDataCheck.Of(Samples.FailedCheck) }),
        "classification" => HtmlReport.Render(Samples.Classification),
        "hostile" => HtmlReport.Render(Hostile.Report),
        "card" => CardHtml.Render(Cards.Card(Cards.Release)),
        _ => CardHtml.RenderForPrint(Cards.Card(Cards.Release)),
    };

    // HTML as we write it is XML but for its void elements and scripts.
    private static XElement Parse(string name)
    {
        var html = Page(name).Replace("<!doctype html>\n", "", StringComparison.Ordinal);
        html = Void().Replace(html, "<${tag} />");
        return XElement.Parse(Script().Replace(html, "<script></script>"));
    }

    private static (double R, double G, double B) Colour(string sheet, string name)
    {
        var hex = sheet.Split($"--{name}:#")[1].Split(';', '}')[0];
        if (hex.Length == 3)
            hex = string.Concat(hex.Select(digit => new string(digit, 2)));
        double Part(int at) => int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return (Part(0), Part(2), Part(4));
    }

    // WCAG 2.2: relative luminance and contrast ratio.
    private static double Contrast((double R, double G, double B) one, (double R, double G, double B) other)
    {
        static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        static double Luminance((double R, double G, double B) c) => (0.2126 * Linear(c.R)) + (0.7152 * Linear(c.G)) + (0.0722 * Linear(c.B));
        var (high, low) = (Math.Max(Luminance(one), Luminance(other)), Math.Min(Luminance(one), Luminance(other)));
        return (high + 0.05) / (low + 0.05);
    }

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"<(?<tag>(meta|br|link|img|input)\b[^>]*?)/?>", RegexOptions.ExplicitCapture)]
    private static partial Regex Void();

    [GeneratedRegex("<script>.*</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"url\(|@import|https?:", RegexOptions.IgnoreCase)]
    private static partial Regex External();
}
