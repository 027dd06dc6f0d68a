namespace Ci.Statistics.Tests;

/// <summary>
/// Expected values by scikit-learn 1.2.1 on the same arrays:
/// mean_squared_error(squared=False), mean_absolute_error, 100*mean_absolute_percentage_error, r2_score; accuracy_score, log_loss,
/// roc_auc_score, average_precision_score, f1_score(average="macro"), brier_score_loss.
/// </summary>
public sealed class MetricsTests
{
    private static readonly double[] Target = [3, -0.5, 2, 7, 4.25, 10];
    private static readonly double[] Prediction = [2.5, 0.0, 2, 8, 5, 8.5];
    private static readonly double[] Truth = [0, 0, 1, 1, 1, 0, 1, 0];
    private static readonly double[] Score = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.05];
    private static readonly double[] Classes = [0, 1, 2, 2, 1];
    private static readonly double[] Labels = [0, 2, 2, 2, 1];
    private static readonly double[] Probabilities = [.7, .2, .1, .1, .3, .6, .2, .2, .6, .05, .15, .8, .3, .4, .3];

    [Fact]
    public void Regression_metrics_equal_scikit_learn()
    {
        Assert.Equal(0.8477912478906585, RegressionMetrics.Rmse(Target, Prediction), 1e-12);
        Assert.Equal(0.7083333333333334, RegressionMetrics.Mae(Target, Prediction), 1e-12);
        Assert.Equal(27.26657329598506, RegressionMetrics.Mape(Target, Prediction), 1e-10);
        Assert.Equal(0.041666666666666664, RegressionMetrics.Bias(Target, Prediction), 1e-12);
        Assert.Equal(0.9382181763915833, RegressionMetrics.R2(Target, Prediction), 1e-12);
    }

    [Fact]
    public void Binary_metrics_equal_scikit_learn()
    {
        var labels = Score.Select(s => s >= 0.5 ? 1.0 : 0.0).ToArray();
        Assert.Equal(0.75, ClassificationMetrics.Accuracy(Truth, labels), 1e-12);
        Assert.Equal(0.4341152476152784, ClassificationMetrics.LogLoss(Truth, Score), 1e-10);
        Assert.Equal(0.8125, ClassificationMetrics.RocAuc(Truth, Score), 1e-12);
        Assert.Equal(0.8166666666666667, ClassificationMetrics.PrAuc(Truth, Score), 1e-12);
        Assert.Equal(0.7333333333333334, ClassificationMetrics.F1Macro(Truth, labels), 1e-12);
        Assert.Equal(0.145625, ClassificationMetrics.Brier(Truth, Score), 1e-12);
    }

    [Fact]
    public void Multiclass_metrics_equal_scikit_learn()
    {
        Assert.Equal(0.8, ClassificationMetrics.Accuracy(Classes, Labels), 1e-12);
        Assert.Equal(0.6421815310438047, ClassificationMetrics.LogLoss(Classes, Probabilities, 3), 1e-10);
        Assert.Equal(0.8222222222222223, ClassificationMetrics.F1Macro(Classes, Labels), 1e-12);
        Assert.Equal(0.369, ClassificationMetrics.Brier(Classes, Probabilities, 3), 1e-12);
    }

    [Fact]
    public void What_a_metric_cannot_say_is_not_a_number()
    {
        Assert.True(double.IsNaN(ClassificationMetrics.RocAuc([1, 1], [.1, .2])));
        Assert.True(double.IsNaN(ClassificationMetrics.PrAuc([0, 0], [.1, .2])));
        Assert.True(double.IsNaN(RegressionMetrics.R2([5, 5], [4, 6])));
        Assert.True(double.IsNaN(RegressionMetrics.Mape([0, 0], [4, 6])));
        Assert.Equal(100, RegressionMetrics.Mape([0, 2], [4, 4]));
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Rmse([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Mae([], []));
    }
}
