namespace Ci.Statistics.Tests;

public sealed class HypothesisTests
{
    [Fact]
    public void Holm_equals_the_adjustment_worked_by_hand()
    {
        // Sorted .005 .01 .03 .04 → ×4 .02, ×3 .03, ×2 .06, max(.04, .06) = .06
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1, 1], Holm.Adjust([0.6, 0.9]));
        Assert.Empty(Holm.Adjust([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([1.2]));
    }

    [Theory]
    // scipy.stats.binomtest(k, n, 0.5).pvalue
    [InlineData(2, 10, 0.03857421875)]
    [InlineData(10, 2, 0.03857421875)]
    [InlineData(0, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(40, 60, 0.05688793364098088)]
    public void McNemar_equals_the_binomial_test(int first, int second, double p) =>
        Assert.Equal(p, Math.Min(1, 2 * Proportions.McNemarP(first, second, above: first > second)), 1e-10);

    [Fact]
    public void McNemar_counts_both_ways()
    {
        // A fair coin, 3 throws: at most 1 head 4/8, at least 1 head 7/8
        Assert.Equal(0.5, Proportions.McNemarP(1, 2, above: false), 1e-12);
        Assert.Equal(0.875, Proportions.McNemarP(1, 2, above: true), 1e-12);
        Assert.Equal(1, Proportions.McNemarP(3, 0, above: false), 1e-12);
        Assert.Equal(0.125, Proportions.McNemarP(3, 0, above: true), 1e-12);
    }


    [Fact]
    public void Shares_have_the_intervals_of_their_formulas()
    {
        // statsmodels proportion_confint(52, 54, method="wilson")
        var wilson = Proportions.Wilson(52, 54, 0.95);
        Assert.Equal(0.8746, wilson.Low, 1e-3);
        Assert.Equal(0.9898, wilson.High, 1e-3);
        Assert.True(Proportions.Wilson(54, 54, 0.95).Low < 0.95);

        // n' = 102; d = 8/102; se = √((12+1)/102 − d²)/√102; with b = 10, c = 2, n = 100
        var paired = Proportions.PairedDifference(10, 2, 100, 0.95);
        var d = 8 / 102.0;
        var se = Math.Sqrt((13 / 102.0) - (d * d)) / Math.Sqrt(102);
        Assert.Equal(d - (1.959963985 * se), paired.Low, 1e-9);
        Assert.Equal(d + (1.959963985 * se), paired.High, 1e-9);
        Assert.Equal(0.025, Proportions.PairedP(10, 2, 100, paired.Low, above: true), 1e-9);
        Assert.Equal(0.025, Proportions.PairedP(10, 2, 100, paired.High, above: false), 1e-9);
        Assert.True(Proportions.PairedDifference(0, 0, 54, 0.95).Width > 0.05);
    }

    [Fact]
    public void The_score_test_equals_published_figures()
    {
        // NIST/SEMATECH e-Handbook 7.2.4.1: 26 of 200 fail against 10 %: z = (.13 − .10)/√(.1·.9/200) = 1.414; P(Z ≥ 1.414) = .0786
        Assert.Equal(0.0786, Proportions.ScoreP(26, 200, 0.10, above: true), 1e-4);
        Assert.Equal(0.9214, Proportions.ScoreP(26, 200, 0.10, above: false), 1e-4);
        // Wilson's interval is where this test stands at half of what the level leaves.
        var wilson = Proportions.Wilson(26, 200, 0.95);
        Assert.Equal(0.025, Proportions.ScoreP(26, 200, wilson.Low, above: true), 1e-9);
        Assert.Equal(0.025, Proportions.ScoreP(26, 200, wilson.High, above: false), 1e-9);
    }
}
