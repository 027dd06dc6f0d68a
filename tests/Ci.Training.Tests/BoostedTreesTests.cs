using Ci.Training.Trees;

namespace Ci.Training.Tests;

public sealed class BoostedTreesTests
{
    private static readonly TrainingContext Context = new() { Seed = 7, Threads = 1 };

    [Fact]
    public void A_step_a_wave_and_a_category_are_learned()
    {
        var model = Train(new BoostedTreesSettings { Iterations = 100 }, Sets.Regression());

        Assert.InRange(Sets.Rmse(model, Sets.Regression(seed: 99)), 0, 0.2);
    }

    [Fact]
    public void One_tree_with_two_leaves_cuts_where_the_squared_error_falls_most()
    {
        var set = new TrainingSet(["x"], [[1f, 2f, 3f, 10f, 11f]], "y", [0, 0, 0, 10, 10]);

        var model = Train(new BoostedTreesSettings { Iterations = 1, LearningRate = 1, MaxLeaves = 2, MinSamplesLeaf = 1 }, set);

        Assert.Equal([0, 0, 0, 10, 10], model.Predict(set).Select(value => Math.Round(value, 5)));
        var cut = new TrainingSet(["x"], [[6.5f, 6.6f]], "y", [0, 0]);
        Assert.Equal([0, 10], model.Predict(cut).Select(value => Math.Round(value, 5)));
    }

    [Fact]
    public void The_histogram_finds_the_split_that_trying_every_cut_finds()
    {
        var set = Sets.Regression(rows: 120, seed: 5);
        var model = Train(new BoostedTreesSettings { Iterations = 1, LearningRate = 1, MaxLeaves = 2, MinSamplesLeaf = 10 }, set);
        var target = set.Target.ToArray();
        var best = double.PositiveInfinity;
        for (var feature = 0; feature < set.Features.Count; feature++)
        {
            var column = set.Column(feature).ToArray();
            foreach (var cut in column.Distinct())
            {
                var left = target.Where((_, row) => column[row] <= cut).ToArray();
                var right = target.Where((_, row) => column[row] > cut).ToArray();
                if (left.Length >= 10 && right.Length >= 10)
                    best = Math.Min(best, Squares(left) + Squares(right));
            }
        }

        Assert.Equal(Math.Sqrt(best / set.Rows), Sets.Rmse(model, set), 1e-5);

        static double Squares(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2));
    }

    [Fact]
    public void Missing_values_go_where_they_help()
    {
        var set = Sets.Regression(missingEvery: 4);

        var model = Train(new BoostedTreesSettings(), set);

        Assert.InRange(Sets.Rmse(model, set), 0, 0.2);
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("binary")]
    [InlineData("multiclass")]
    public void The_same_data_and_seed_give_the_same_bytes_on_any_number_of_threads(string task)
    {
        var set = task == "regression" ? Sets.Regression(6000, missingEvery: 9) : Sets.Classes(task == "binary" ? 2 : 4, 3000);
        var settings = new BoostedTreesSettings { Task = task, Iterations = 25, Subsample = 0.7, FeatureFraction = 0.8 };

        var one = new BoostedTreesTrainer(settings).Train(set, Context with { Threads = 1 }).ToOnnx();
        var again = new BoostedTreesTrainer(settings).Train(set, Context with { Threads = 1 }).ToOnnx();
        var three = new BoostedTreesTrainer(settings).Train(set, Context with { Threads = 3 }).ToOnnx();
        var other = new BoostedTreesTrainer(settings).Train(set, Context with { Seed = 8 }).ToOnnx();

        Assert.Equal(one, again);
        Assert.Equal(one, three);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("chronological")]
    [InlineData("random")]
    public void Early_stopping_keeps_the_best_iteration(string validation)
    {
        var seen = new List<TrainingProgress>();
        var settings = new BoostedTreesSettings { Iterations = 400, LearningRate = 0.3, MinSamplesLeaf = 2, Patience = 10, ValidationFraction = 0.2, Validation = validation };

        var model = new BoostedTreesTrainer(settings).Train(Sets.Regression(600, noise: 3), Context with { Progress = seen.Add });

        var best = seen.MinBy(progress => progress.ValidationMetric)!;
        Assert.Equal(best.Iteration, model.Facts.Iterations);
        Assert.Equal(best.ValidationMetric, model.Facts.ValidationMetric);
        Assert.Equal(best.Iteration + 10, seen.Count);
    }

    [Theory]
    [InlineData("binary", 2)]
    [InlineData("multiclass", 2)]
    [InlineData("multiclass", 4)]
    public void Classes_around_a_circle_are_told_apart(string task, int classes)
    {
        var set = Sets.Classes(classes);

        var model = Train(new BoostedTreesSettings { Task = task, Iterations = 40 }, set);

        Assert.InRange(Sets.Accuracy(model, set), 0.9, 1);
        Assert.Equal(Enumerable.Range(1, classes).Select(own => own * 10L), model.Classes);
    }

    [Fact]
    public void Leaves_hold_at_least_the_rows_asked_for()
    {
        var model = Train(new BoostedTreesSettings { Iterations = 1, MinSamplesLeaf = 200 }, Sets.Regression(1000));

        var groups = model.Predict(Sets.Regression(1000)).GroupBy(value => value).ToArray();

        Assert.InRange(groups.Length, 2, 5);
        Assert.All(groups, group => Assert.True(group.Count() >= 200));
    }

    [Fact]
    public void Depth_is_bounded_where_asked()
    {
        var model = Train(new BoostedTreesSettings { Iterations = 1, MaxDepth = 2, MinSamplesLeaf = 1 }, Sets.Regression(1000));

        Assert.InRange(model.Predict(Sets.Regression(1000)).Distinct().Count(), 2, 4);
    }

    [Fact]
    public void A_constant_target_gives_one_leaf_and_that_constant()
    {
        var set = new TrainingSet(["x"], [[.. Enumerable.Range(0, 100).Select(i => (float)i)]], "y", [.. Enumerable.Repeat(42.0, 100)]);

        var model = Train(new BoostedTreesSettings { Iterations = 3 }, set);

        Assert.All(model.Predict(set), value => Assert.Equal(42, value));
    }

    [Fact]
    public void One_hot_columns_share_a_column_of_codes_without_changing_the_trees()
    {
        var set = Sets.Regression();
        var matrix = BinnedMatrix.Of(set, 255, Context);

        // step, wave, and the three kinds together; the constant takes no part.
        Assert.Equal(3, matrix.Columns);
        for (var row = 0; row < set.Rows; row++)
        {
            foreach (var bins in matrix.Features.Where(feature => feature.Column >= 0))
                Assert.Equal(bins.LeftCodes(0, false)[matrix.Code(bins.Column, row)] == 1, bins.BinOf(set.Column(bins.Feature)[row]) == 0);
        }
    }

    [Fact]
    public void Three_classes_are_no_binary_task()
    {
        var error = Assert.Throws<TrainingException>(() => Train(new BoostedTreesSettings { Task = "binary" }, Sets.Classes(3)));

        Assert.Contains("multiclass", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_training_ends_at_once()
    {
        using var source = new CancellationTokenSource();
        var context = Context with { Cancellation = source.Token, Progress = _ => source.Cancel() };

        Assert.Throws<OperationCanceledException>(() => new BoostedTreesTrainer(new BoostedTreesSettings()).Train(Sets.Regression(), context));
    }

    private static TrainedModel Train(BoostedTreesSettings settings, TrainingSet set) => new BoostedTreesTrainer(settings).Train(set, Context);
}
