using Ci.Evaluation;

namespace Ci.Reporting.Tests;

/// <summary>The first model: gates that need a baseline wait for one, and are not called inconclusive.</summary>
public sealed class WaitingGateTests
{
    private static readonly ReportGate Limit = new() { Name = "limit", Metric = "rmse", Rule = "at most 3,000 MW", Candidate = 2305, Outcome = Outcome.Pass };

    private static readonly ReportGate Waiting = new()
    {
        Name = "not worse", Metric = "rmse", Candidate = 2305, Outcome = Outcome.Inconclusive, Skipped = true, Reason = "first model: nothing is live to compare with",
    };

    private static Report First(params ReportGate[] gates) => Samples.EnergyLoad with { Outcome = Outcome.Pass, Baseline = null, Deciding = null, Gates = gates };

    [Theory]
    [InlineData(0, "1 gate passes.")]
    [InlineData(1, "1 gate passes, 1 waits for a baseline.")]
    [InlineData(3, "1 gate passes, 3 wait for a baseline.")]
    public void They_are_counted_in_words_of_their_own(int waiting, string expected) =>
        Assert.EndsWith(" " + expected, Headline.Of(First([Limit, .. Enumerable.Repeat(Waiting, waiting)])).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Alone_they_are_still_gates()
    {
        var report = First(Waiting, Waiting) with { Outcome = Outcome.Inconclusive };
        Assert.EndsWith(" 2 gates wait for a baseline.", Headline.Of(report).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("energy-load: inconclusive.", Headline.Of(report).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_says_so_below_the_gates_that_count()
    {
        var markdown = MarkdownReport.Render(First(Waiting, Limit), new Dictionary<string, string>());
        Assert.True(markdown.IndexOf("waits for a baseline", markdown.IndexOf("outcome", StringComparison.Ordinal), StringComparison.Ordinal) > markdown.IndexOf("at most 3,000 MW", StringComparison.Ordinal));
        Assert.DoesNotContain("inconclusive", markdown, StringComparison.Ordinal);
    }
}
