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
        Assert.Equal(p, PairedTests.McNemarExact(first, second).P, 1e-10);

    [Fact]
    public void Diebold_and_Mariano_without_lags_is_the_paired_t_test()
    {
        // With lag 0 the correction is √((n−1)/n), which turns the 1/n variance into 1/(n−1): scipy.stats.ttest_rel(a, b)
        double[] a = [3.1, 2.5, 4.7, 3.3, 5.0, 2.2, 3.9];
        double[] b = [2.9, 2.7, 4.1, 3.0, 4.2, 2.4, 3.1];
        var test = PairedTests.DieboldMariano(a, b, 0);
        Assert.Equal(2.035584224039691, test.Statistic, 1e-6);
        Assert.Equal(0.08798074360310246, test.P, 1e-6);
    }

    [Fact]
    public void Diebold_and_Mariano_equals_numpy_with_lags()
    {
        // d = a−b; u = d−d.mean(); g = [u[k:]@u[:n−k]/n for k in 0..2]; v = g0 + 2·(2/3·g1 + 1/3·g2); h = 3
        // stat = √((n+1−2h+h(h−1)/n)/n) · d.mean()/√(v/n); p = 2·t(n−1).cdf(−|stat|)
        double[] a = [3.1, 2.5, 4.7, 3.3, 5.0, 2.2, 3.9, 4.4, 3.8, 2.1];
        double[] b = [2.9, 2.7, 4.1, 3.0, 4.2, 2.4, 3.1, 4.0, 3.9, 2.0];
        var test = PairedTests.DieboldMariano(a, b, 2);
        Assert.Equal(DmStatistic, test.Statistic, 1e-6);
        Assert.Equal(DmP, test.P, 1e-6);
    }

    private const double DmStatistic = 2.4093381701307734;
    private const double DmP = 0.03929163993871372;

    [Fact]
    public void The_permutation_test_equals_full_enumeration()
    {
        // All 2^6 sign patterns of (1, 2, 3, 4, 5, −1): |Σ| ≥ 14 in 6 of 64
        double[] d = [1, 2, 3, 4, 5, -1];
        var extreme = Enumerable.Range(0, 64).Count(mask => Math.Abs(d.Select((v, i) => (mask >> i & 1) == 0 ? v : -v).Sum()) >= 14);
        var test = PairedTests.Permutation(d, new double[6], 1, 20_000, 3);
        Assert.Equal(extreme / 64.0, test.P, 0.01);
        Assert.Equal(14 / 6.0, test.Statistic, 1e-12);
    }

    [Fact]
    public void Under_no_difference_tests_reject_as_seldom_as_they_say()
    {
        var random = new Random(31);
        var (dm, permutation) = (0, 0);
        for (var world = 0; world < 400; world++)
        {
            var a = Enumerable.Range(0, 120).Select(_ => Math.Pow(SketchTests.Normal(random), 2)).ToArray();
            var b = Enumerable.Range(0, 120).Select(_ => Math.Pow(SketchTests.Normal(random), 2)).ToArray();
            dm += PairedTests.DieboldMariano(a, b).P < 0.05 ? 1 : 0;
            permutation += PairedTests.Permutation(a, b, 1, 200, world).P < 0.05 ? 1 : 0;
        }

        Assert.InRange(dm, 8, 38);
        Assert.InRange(permutation, 8, 34);
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
}
