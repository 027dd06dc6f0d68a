using Ci.Evaluation;

namespace Ci.Reporting.Tests;

public sealed class HeadlineTests
{
    private static readonly ReportGate Rmse = new()
    {
        Name = "RMSE", Metric = "rmse", Unit = "MW", Candidate = 2305, Baseline = 2966, Difference = -661, Low = -718, High = -603, Level = 0.95, Outcome = Outcome.Pass,
    };

    private static Report Report(Outcome outcome, params ReportGate[] gates) => Samples.EnergyLoad with { Outcome = outcome, Gates = gates, Metrics = [] };

    [Fact]
    public void Better_says_by_how_much_and_against_what() =>
        Assert.Equal("energy-load: better. RMSE 2,305 MW, 661 MW lower than live v1 (95 % interval 603 to 718), on 5,088 hours of 2020. 1 gate passes.",
            Headline.Of(Report(Outcome.Pass, Rmse)).ToString());

    [Fact]
    public void A_difference_that_means_nothing_is_called_so() =>
        Assert.Equal("energy-load: not worse. RMSE 2,305 MW, no measurable difference from live v1 (95 % interval −20 to +35 MW), on 5,088 hours of 2020. 1 gate passes.",
            Headline.Of(Report(Outcome.Pass, Rmse with { Difference = 8, Low = -20, High = 35 })).ToString());

    [Fact]
    public void Worse_names_the_gate_that_decided_it() =>
        Assert.Equal("energy-load: worse. MAE 2,400 MW, 900 MW higher than live v1 (95 % interval 800 to 1,000), on 5,088 hours of 2020. 1 gate regresses, 1 passes.",
            Headline.Of(Report(Outcome.Regress, Rmse, Rmse with { Metric = "mae", Candidate = 2400, Difference = 900, Low = 800, High = 1000, Outcome = Outcome.Regress })).ToString());

    [Fact]
    public void What_is_better_but_for_an_open_gate_says_both() =>
        Assert.Equal("energy-load: better. RMSE 2,305 MW, 661 MW lower than live v1 (95 % interval 603 to 718), on 5,088 hours of 2020. 1 gate passes, 1 inconclusive.",
            Headline.Of(Report(Outcome.Inconclusive, Rmse, Rmse with { Slice = "month=4", Outcome = Outcome.Inconclusive })).ToString());

    [Fact]
    public void An_inconclusive_verdict_without_a_measurable_gain_is_never_called_better() =>
        Assert.StartsWith("energy-load: inconclusive.", Headline.Of(Report(Outcome.Inconclusive, Rmse with { Difference = -10, Low = -40, High = 20, Outcome = Outcome.Inconclusive })).ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_first_model_is_compared_with_nothing() =>
        Assert.Equal("energy-load: passes, the first model. RMSE 2,206 MW, on 5,088 hours of 2020. 2 gates pass.", Headline.Of(Hostile.WithoutBaseline).ToString());

    [Fact]
    public void A_metric_where_higher_is_better_is_worse_when_it_falls() =>
        Assert.StartsWith("energy-load: worse. accuracy 0.9, 0.05 lower than live v1 (95 % interval 0.03 to 0.07)",
            Headline.Of(Report(Outcome.Regress, Rmse with { Metric = "accuracy", Unit = null, Direction = "higher", Candidate = 0.9, Difference = -0.05, Low = -0.07, High = -0.03, Outcome = Outcome.Regress })).ToString().Replace("0.050", "0.05", StringComparison.Ordinal).Replace("0.030", "0.03", StringComparison.Ordinal).Replace("0.070", "0.07", StringComparison.Ordinal).Replace("0.9000", "0.9", StringComparison.Ordinal), StringComparison.Ordinal);

    [Fact]
    public void The_comment_of_the_model_that_is_live_already_is_one_line_and_the_foot()
    {
        var report = Samples.EnergyLoad with { Outcome = Outcome.Pass, Model = Samples.EnergyLoad.Model with { Sha256 = Samples.EnergyLoad.Baseline!.Sha256! } };
        var lines = MarkdownReport.Render(report, new Dictionary<string, string>(StringComparer.Ordinal)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("**energy-load: unchanged.**", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_leak_is_said_before_the_gates()
    {
        var report = Samples.EnergyLoad with { Data = Samples.EnergyLoad.Data with { RowsAlsoInTraining = 4000 } };
        var text = MarkdownReport.Render(report, new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.True(text.IndexOf("4,000 of 5,088 evaluation rows also stand in the training data", StringComparison.Ordinal) < text.IndexOf("| outcome |", StringComparison.Ordinal));
        Assert.Contains("4,000 of 5,088 evaluation rows", HtmlReport.Render(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2305.4, 2150, 2480, "2,305")]
    [InlineData(0.91734, 0.864, 0.950, "0.917")]
    [InlineData(5.4812, 3.8, 7.5, "5.5")]
    [InlineData(1234567, 1200000, 1300000, "1,235,000")]
    [InlineData(-0.0001, -20, 35, "0")]
    [InlineData(0.00001234, 0.000011, 0.000013, "0.000012")]
    public void A_number_has_the_digits_that_its_interval_supports(double value, double low, double high, string expected) =>
        Assert.Equal(expected, Numbers.Text(value, low, high));
}
