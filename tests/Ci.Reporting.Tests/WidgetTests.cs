using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ci.Evaluation;

namespace Ci.Reporting.Tests;

public sealed partial class WidgetTests
{
    public static TheoryData<string> Texts => [.. Hostile.Texts, "\u0000\u0001\uFFFF]]>&#x0;"];

    [Fact]
    public void Every_gate_is_one_test_case_and_what_is_open_is_skipped_with_its_reason()
    {
        var report = Samples.EnergyLoad with { Gates = [.. Samples.EnergyLoad.Gates, Samples.EnergyLoad.Gates[0] with { Name = "broken", Outcome = Outcome.Regress, Reason = "it is worse" }] };
        var suite = XDocument.Parse(Encoding.UTF8.GetString(JUnitReport.Render(report))).Root!.Element("testsuite")!;
        var cases = suite.Elements("testcase").ToList();
        Assert.Equal((report.Gates.Count, "1", "1"), (cases.Count, (string?)suite.Attribute("failures"), (string?)suite.Attribute("skipped")));
        Assert.Equal("it is worse", (string?)cases[0].Element("failure")!.Attribute("message"));
        Assert.Contains("720 rows do not suffice", (string?)cases[1].Element("skipped")!.Attribute("message"), StringComparison.Ordinal);
        Assert.All(cases, test => Assert.Equal(("energy-load", "gates.yaml"), ((string?)test.Attribute("classname"), (string?)test.Attribute("file"))));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_from_outside_becomes_XML(string text)
    {
        var document = XDocument.Parse(Encoding.UTF8.GetString(JUnitReport.Render(Hostile.With(text))));
        Assert.All(document.Descendants(), element => Assert.Contains(element.Name.LocalName, (string[])["testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"]));
        Assert.DoesNotContain('\u202e', document.ToString());
    }

    [Fact]
    public void Metrics_have_type_unit_and_help_and_the_text_ends()
    {
        var text = OpenMetricsText.Render(Samples.EnergyLoad);
        Assert.Contains("# TYPE mlops_rmse_MW gauge\n# UNIT mlops_rmse_MW MW\n# HELP mlops_rmse_MW RMSE of the candidate.\nmlops_rmse_MW{model=\"energy-load\"} 22", text, StringComparison.Ordinal);
        Assert.Contains("mlops_mape_percent{model=\"energy-load\"} 5.", text, StringComparison.Ordinal);
        Assert.Contains("mlops_rmse_MW{model=\"energy-load\",slice=\"working day\"} ", text, StringComparison.Ordinal);
        Assert.Contains("mlops_gates{model=\"energy-load\",outcome=\"pass\"} 6\n", text, StringComparison.Ordinal);
        Assert.Contains("# UNIT mlops_latency_p95_seconds seconds\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_from_outside_leaves_its_label(string text)
    {
        var lines = OpenMetricsText.Render(Hostile.With(text)).TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
    }

    // Samples stay what GitLab's reader makes of them: no '#', no quote within a label.
    [GeneratedRegex("""^(# (TYPE|UNIT|HELP) mlops_[A-Za-z0-9_]+ .*|# EOF|mlops_[A-Za-z0-9_]+\{([a-z]+="[^"#\\'`$]*",?)+\} -?[0-9.]+(E[+-][0-9]+)?)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
