using System.Text;
using Ci.Evaluation;
using Ci.Testing;

namespace Ci.Reporting.Tests;

public sealed class DataCheckTests
{
    private static readonly Dictionary<string, string> NoUrls = new(StringComparer.Ordinal);

    private static Report Checked => Samples.Classification with { DataCheck = ReportDataCheck.Of(Samples.FailedCheck) };

    [Fact]
    public void The_page_of_a_check_reads_as_approved() => Approval.Verify("data-check.md", DataCheckMarkdown.Render(Samples.FailedCheck));

    [Fact]
    public void The_comment_says_it_first_and_folds_the_rest() => Approval.Verify("wine-checked.md", MarkdownReport.Render(Checked, NoUrls));

    [Fact]
    public void The_page_with_a_check_reads_as_approved() => Approval.Verify("wine-checked.html", HtmlReport.Render(Checked));

    [Fact]
    public void A_check_that_passed_takes_no_line_of_the_comment_but_has_its_section()
    {
        var passed = Checked with { DataCheck = ReportDataCheck.Of(Passed) };
        var text = MarkdownReport.Render(passed, NoUrls);
        Assert.DoesNotContain("> **Data check", text, StringComparison.Ordinal);
        Assert.Contains("<summary>Data check</summary>\n\n16 rules hold, none of 1 test shows drift from ref.csv", text, StringComparison.Ordinal);
        Assert.Contains("1 further test passes.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"warning\"", HtmlReport.Render(passed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_the_live_model_shrinks_to_its_line_only_if_the_data_are_well()
    {
        var live = Checked with { Baseline = new ReportBaseline { Label = "live v3", Sha256 = Checked.Model.Sha256 } };
        Assert.Contains("Data check: fail.", MarkdownReport.Render(live, NoUrls), StringComparison.Ordinal);
        Assert.DoesNotContain("Data check", MarkdownReport.Render(live with { DataCheck = ReportDataCheck.Of(Passed) }, NoUrls), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trusted_job_renders_the_same_from_the_data_alone()
    {
        var again = Report.Read(Checked.ToBytes());
        Assert.Equal(MarkdownReport.Render(Checked, NoUrls), MarkdownReport.Render(again, NoUrls));
        Assert.Equal(HtmlReport.Render(Checked), HtmlReport.Render(again));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("report.json"), Checked.ToBytes());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "report.schema.json"), folder.Of("report.json")));
    }

    [Fact]
    public void A_damaged_report_with_a_check_is_read_and_rendered_or_refused() => DocumentDamage.Check<ReportException>(Checked.ToBytes(), json =>
    {
        var report = Report.Read(json);
        MarkdownReport.Render(report, NoUrls);
        HtmlReport.Render(report);
        report.ToBytes();
    });

    [Fact]
    public void Of_very_many_findings_the_first_are_shown_and_the_rest_is_counted()
    {
        var check = Samples.FailedCheck;
        var many = check with
        {
            Breaches = [.. Enumerable.Range(0, 500).Select(i => check.Breaches[1] with { Column = $"c{i}" })],
            Drift = [.. Enumerable.Range(0, 500).Select(i => check.Drift[0] with { Column = $"c{i}", Outcome = i == 499 ? CheckOutcome.Fail : CheckOutcome.Pass })],
        };
        var shown = ReportDataCheck.Of(many);
        Assert.Equal((200, 300, 200, 300), (shown.Breaches.Count, shown.MoreBreaches, shown.Drift.Count, shown.MoreDrift));
        Assert.Equal("c499", shown.Drift[0].Column);
        var page = DataCheckMarkdown.Render(many);
        Assert.Contains("300 further broken rules not shown.", page, StringComparison.Ordinal);
        Assert.Contains("300 further tests not shown.", page, StringComparison.Ordinal);
        Assert.Equal(501, DataCheckText.Lines(many).Count() + 300);
    }

    [Theory]
    [InlineData("a|b", "`x`", "<img src=x onerror=alert(1)>", "@octocat", "::error::x")]
    public void Column_names_from_a_strangers_table_stay_names(params string[] names)
    {
        var hostile = Samples.FailedCheck with { Breaches = [.. names.Select(name => Samples.FailedCheck.Breaches[1] with { Column = name, Examples = [name] })] };
        var page = DataCheckMarkdown.Render(hostile);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@octocat", page, StringComparison.Ordinal);
        Assert.DoesNotContain("::error", page, StringComparison.Ordinal);
        Assert.All(DataCheckText.Lines(hostile), line => Assert.DoesNotContain('\n', line));
    }

    private static DataCheck Passed
    {
        get
        {
            var check = Samples.FailedCheck;
            return check with { Outcome = CheckOutcome.Pass, Breaches = [], Drift = [.. check.Drift.Where(d => d.Outcome == CheckOutcome.Pass)] };
        }
    }
}
