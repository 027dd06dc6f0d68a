using Ci.Training.Linear;

namespace Ci.Training.Tests;

public sealed class LinearTests
{
    private static readonly TrainingContext Context = new() { Threads = 1 };

    [Fact]
    public void A_line_is_found_exactly_even_far_from_zero()
    {
        var set = Sets.Line();

        var model = new RidgeTrainer(new RidgeSettings(Lambda: 0)).Train(set, Context);

        Assert.InRange(Sets.Rmse(model, set), 0, 0.05);
    }

    [Fact]
    public void The_closed_form_agrees_with_a_hand_calculated_ridge()
    {
        // One feature, standardised to ±1: w = Σxy / (n + λ) = 2 / (2 + 2) on the centred target ±1.
        var set = new TrainingSet(["x"], [[0f, 2f]], "y", [4, 6]);

        var model = new RidgeTrainer(new RidgeSettings(Lambda: 2)).Train(set, Context);

        Assert.Equal([4.5, 5.5], model.Predict(set));
    }

    [Fact]
    public void Features_that_depend_on_each_other_need_a_lambda_and_are_fine_with_one()
    {
        var set = Sets.Regression();

        var error = Assert.Throws<TrainingException>(() => new RidgeTrainer(new RidgeSettings(Lambda: 0)).Train(set, Context));
        var model = new RidgeTrainer(new RidgeSettings()).Train(set, Context);

        Assert.Contains("lambda", error.Message, StringComparison.Ordinal);
        Assert.InRange(Sets.Rmse(model, set), 0, 1.1);
    }

    [Fact]
    public void A_missing_value_is_refused_with_column_and_row()
    {
        var set = new TrainingSet(["x", "z"], [[1f, 2f], [3f, float.NaN]], "y", [1, 2]);

        var error = Assert.Throws<TrainingException>(() => new RidgeTrainer(new RidgeSettings()).Train(set, Context));

        Assert.Contains("`z`, data row 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Softmax_separates_classes_around_a_circle(int classes)
    {
        var set = Sets.Classes(classes);

        var model = new SoftmaxTrainer(new SoftmaxSettings()).Train(set, Context);

        Assert.InRange(Sets.Accuracy(model, set), 0.8, 1);
        Assert.Equal("log_loss", model.Facts.MetricName);
    }

    [Fact]
    public void The_optimiser_ends_where_the_gradient_vanishes()
    {
        var set = Sets.Classes(3);
        var standardiser = Standardiser.Of(set);
        var objective = new CrossEntropy(set, standardiser, ClassLabels.Of(set), 1, Context);
        var point = new double[9];

        new Lbfgs(objective.Evaluate).Minimise(point, 200, 1e-8, (_, _) => { });

        var gradient = new double[9];
        objective.Evaluate(point, gradient);
        Assert.All(gradient, entry => Assert.InRange(entry, -1e-7, 1e-7));
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_loss()
    {
        var set = Sets.Classes(3, rows: 50);
        var objective = new CrossEntropy(set, Standardiser.Of(set), ClassLabels.Of(set), 1, Context);
        var point = Enumerable.Range(0, 9).Select(i => Math.Sin(i)).ToArray();
        var gradient = new double[9];
        objective.Evaluate(point, gradient);
        for (var i = 0; i < point.Length; i++)
        {
            double Value(double shift)
            {
                var moved = (double[])point.Clone();
                moved[i] += shift;
                return objective.Evaluate(moved, new double[9]);
            }

            Assert.Equal((Value(1e-5) - Value(-1e-5)) / 2e-5, gradient[i], 1e-7);
        }
    }

    [Fact]
    public void A_target_that_is_no_class_is_refused()
    {
        var set = new TrainingSet(["x"], [[1f, 2f]], "y", [0, 0.5]);

        var error = Assert.Throws<TrainingException>(() => new SoftmaxTrainer(new SoftmaxSettings()).Train(set, Context));

        Assert.Contains("data row 2: 0.5 is no class", error.Message, StringComparison.Ordinal);
    }
}
