using System.Text;
using Ci.Evaluation;

namespace Ci.Reporting.Tests;

public sealed class LadderTests
{
    private static readonly Dictionary<string, string> Urls = new(StringComparer.Ordinal) { ["metrics"] = "figures/metrics.svg", ["slices"] = "figures/slices.svg" };

    // Below the verdict's line with its foot nothing can be promised but the line.
    private const int Least = 2_500;

    [Fact]
    public void What_fits_is_whole_and_the_same_as_without_a_limit()
    {
        var whole = MarkdownReport.Render(Samples.EnergyLoad, Urls);
        var rendered = MarkdownReport.Render(Samples.EnergyLoad, new MarkdownOptions { Images = Urls, Limit = Bytes(whole) });
        Assert.Equal(whole, rendered.Text);
        Assert.Empty(rendered.Moved);
        Assert.NotEmpty(MarkdownReport.Render(Samples.EnergyLoad, new MarkdownOptions { Images = Urls, Limit = Bytes(whole) - 1 }).Moved);
    }

    [Fact]
    public void Over_all_limits_the_text_fits_keeps_the_verdict_and_loses_no_section_unsaid()
    {
        var random = new Random(4);
        foreach (var report in (Report[])[Samples.EnergyLoad, Large(40), Large(1_900), Hostile.Report, Samples.Classification])
        {
            var all = MarkdownReport.Render(report, new MarkdownOptions { Images = Urls }).Sections;
            var verdict = MarkdownReport.Render(report, Urls).Split('\n')[0];
            foreach (var limit in Enumerable.Range(0, report.Gates.Count > 100 ? 4 : 25).Select(_ => random.Next(Least, 70_000)).Append(65_536 - 1024).Append(1_000_000))
            {
                var room = Math.Max(limit, Bytes(verdict) + 4_000);
                var rendered = MarkdownReport.Render(report, new MarkdownOptions { Images = Urls, Limit = room });
                Assert.True(Bytes(rendered.Text) <= room, $"{Bytes(rendered.Text)} > {room}");
                Assert.StartsWith(verdict, rendered.Text, StringComparison.Ordinal);
                Assert.Equal(all.Order(StringComparer.Ordinal), rendered.Sections.Concat(rendered.Moved).Order(StringComparer.Ordinal));
                Assert.All(rendered.Moved, title => Assert.Contains(title, rendered.Text, StringComparison.Ordinal));
                Assert.EndsWith("</sub>\n", rendered.Text, StringComparison.Ordinal);
                Assert.Equal(Count(rendered.Text, "<details>"), Count(rendered.Text, "</details>"));
                Assert.Equal(rendered.Text, MarkdownReport.Render(report, new MarkdownOptions { Images = Urls, Limit = room }).Text);
            }
        }
    }

    [Fact]
    public void A_smaller_limit_never_shows_more()
    {
        var report = Large(60);
        var before = int.MaxValue;
        for (var limit = 60_000; limit > Least; limit -= 700)
        {
            var shown = MarkdownReport.Render(report, new MarkdownOptions { Limit = limit }).Sections.Count;
            Assert.True(shown <= before, $"{shown} sections at {limit}, {before} above");
            before = shown;
        }
    }

    [Fact]
    public void What_argues_least_leaves_first_and_regressions_stay_longest()
    {
        var moved = MarkdownReport.Render(Large(60), new MarkdownOptions { Limit = 30_000 }).Moved;
        Assert.Contains("Parameters", moved);
        var tight = MarkdownReport.Render(Large(1_900), new MarkdownOptions { Limit = 8_000 }).Text;
        Assert.Contains("| **regress** |", tight, StringComparison.Ordinal);
        Assert.Contains("further gates that do not pass are", tight, StringComparison.Ordinal);
        Assert.DoesNotContain("| pass |", tight, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_job_summary_holds_is_said_to_be_there_and_the_rest_with_the_files()
    {
        var report = Large(60);
        var summary = MarkdownReport.Render(report, new MarkdownOptions { Limit = 60_000 });
        var text = MarkdownReport.Render(report, new MarkdownOptions { Limit = 9_000, Summary = summary.Sections }).Text;
        Assert.Contains("[in the job summary](https://", text, StringComparison.Ordinal);
        var none = MarkdownReport.Render(report, new MarkdownOptions { Limit = 9_000 }).Text;
        Assert.DoesNotContain("job summary", none, StringComparison.Ordinal);
        Assert.Contains("[with the job's files](https://", none, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void Below_every_limit_the_verdict_stands_alone(int limit)
    {
        var verdict = MarkdownReport.Render(Samples.EnergyLoad, Urls).Split('\n')[0];
        Assert.Equal(verdict + "\n", MarkdownReport.Render(Samples.EnergyLoad, Urls, limit));
    }

    [Fact]
    public void An_unchanged_model_is_one_line_and_a_foot()
    {
        var text = MarkdownReport.Render(Samples.EnergyLoad with { Outcome = Outcome.Pass, Baseline = Samples.EnergyLoad.Baseline! with { Sha256 = Samples.EnergyLoad.Model.Sha256 } }, Urls);
        Assert.Equal(3, text.TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("<sub>commit", text.Split('\n')[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_fork_s_numbers_are_said_to_be_the_fork_s()
    {
        var report = Samples.EnergyLoad with { Lineage = Samples.EnergyLoad.Lineage with { MeasuredBy = "mallory/@energy" } };
        var lines = MarkdownReport.Render(report, Urls).Split('\n');
        Assert.StartsWith("> **Measured by a fork's job** (<code>mallory/@\u2060energy</code>)", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_foot_says_which_commit_the_baseline_is_and_how_stale_or_why_there_is_none()
    {
        var sample = Samples.EnergyLoad;
        var stale = MarkdownReport.Render(sample with { Baseline = sample.Baseline! with { Label = "merge base 0123456", Since = sample.Lineage.CreatedAt.AddDays(-12), CommitsBehind = 3 } }, Urls);
        Assert.Contains("baseline merge base 0123456, 12 days old, 3 commits behind ·", stale, StringComparison.Ordinal);
        var none = MarkdownReport.Render(Hostile.WithoutBaseline with { NoBaseline = "this clone is shallow" }, Urls);
        Assert.Contains("no baseline: this clone is shallow ·", none, StringComparison.Ordinal);
    }

    private static Report Large(int gates)
    {
        var sample = Samples.EnergyLoad;
        Outcome[] outcomes = [Outcome.Pass, Outcome.Regress, Outcome.Inconclusive];
        return sample with
        {
            Outcome = Outcome.Regress,
            Lineage = sample.Lineage with { RunUrl = "https://forge.example/acme/load/actions/runs/42" },
            Gates = [.. Enumerable.Range(0, gates).Select(i => sample.Gates[0] with { Name = $"gate {i}", Outcome = outcomes[i % 3] })],
            Parameters = [.. Enumerable.Range(0, 300).Select(i => new ReportParameter($"train.p{i}", new string('x', 30), new string('y', 30)))],
        };
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static int Count(string text, string what) => text.Split(what).Length - 1;
}
