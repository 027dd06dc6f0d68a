using Ci.Statistics;
using Ci.Testing;

namespace Ci.Evaluation.Tests;

/// <summary>The series that figures are drawn from.</summary>
public sealed class SeriesTests : IDisposable
{
    private static readonly ResamplingFacts Resampling = new(1, 300, 1, 0.95);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void The_areas_of_the_curves_are_the_metrics_and_the_points_enclose_them()
    {
        var (target, score) = Drawn(3_000);
        var ranking = RankingCurves.Of(Binary(target, score), ["no", "yes"], Resampling)!;
        var one = Assert.Single(ranking.Classes);
        Assert.Equal(("yes", 3_000, 1), (one.Class, ranking.Rows, ranking.AllClasses));
        Assert.Equal(ClassificationMetrics.RocAuc(target, score), one.RocArea.Value, 12);
        Assert.Equal(ClassificationMetrics.PrAuc(target, score), one.PrecisionRecallArea.Value, 12);
        Assert.True(one.RocArea.Low < one.RocArea.Value && one.RocArea.Value < one.RocArea.High);
        Assert.Equal((new CurvePoint(0, 0), new CurvePoint(1, 1)), (one.Roc[0], one.Roc[^1]));
        Assert.InRange(one.Roc.Count, 50, RankingSeries.MostPoints);
        Assert.InRange(one.PrecisionRecall.Count, 20, RankingSeries.MostPoints);
        var trapezoids = one.Roc.Zip(one.Roc.Skip(1)).Sum(pair => (pair.Second.X - pair.First.X) * (pair.First.Y + pair.Second.Y) / 2);
        Assert.Equal(one.RocArea.Value, trapezoids, 0.01);
        Assert.Equal(one.Roc, one.Roc.OrderBy(point => point.X).ThenBy(point => point.Y));
    }

    [Fact]
    public void Several_classes_are_each_ranked_against_the_rest_and_their_mean_has_an_interval()
    {
        var (target, score) = Drawn(400);
        var probabilities = score.SelectMany(p => new[] { 1 - p, p, 0.0 }).ToArray();
        var ranking = RankingCurves.Of(new Scores(Tasks.Multiclass, target, target, probabilities, 3), ["a", "b", "never"], Resampling)!;
        // A class without rows has no curve.
        Assert.Equal(["a", "b"], ranking.Classes.Select(one => one.Class));
        Assert.Equal(ranking.Classes.Average(one => one.RocArea.Value), ranking.MacroRocArea!.Value, 12);
        Assert.True(ranking.MacroRocArea.Low < ranking.MacroRocArea.High);
        Assert.True(ranking.MacroPrecisionRecallArea!.Low < ranking.MacroPrecisionRecallArea.Value);
    }

    [Fact]
    public void Rows_of_one_score_are_one_step_and_a_class_alone_has_no_curve()
    {
        var same = RankingCurves.Of(Binary([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]), ["0", "1"], Resampling)!.Classes[0];
        Assert.Equal([new(0, 0), new(1, 1)], same.Roc);
        Assert.Equal(0.5, same.RocArea.Value);
        Assert.Null(RankingCurves.Of(Binary([1, 1], [0.5, 0.6]), ["0", "1"], Resampling));
        Assert.Null(RankingCurves.Of(new Scores(Tasks.Binary, [1, 0], [1, 0], null, 2), ["0", "1"], Resampling));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(5_000, 20_000)]
    [InlineData(400, -1e12)]
    public void Squares_hold_every_row_once_and_follow_from_the_targets_alone(int rows, double shift)
    {
        var random = new Random(5);
        var target = Enumerable.Range(0, rows).Select(_ => shift + (random.NextDouble() * 1_000)).ToArray();
        var squares = ActualSquares.Of(new Scores(Tasks.Regression, target, [.. target.Select(t => t + random.NextDouble())], null, 0))!;
        Assert.Equal(rows, squares.Counts.Sum() + squares.Beyond);
        Assert.Equal(squares.Bins * squares.Bins, squares.Counts.Count);
        Assert.InRange(squares.Bins, 1, ActualSeries.MostBins);
        Assert.True(squares.Low <= target.Min() && target.Max() <= squares.Low + (squares.Width * squares.Bins));
        var other = ActualSquares.Of(new Scores(Tasks.Regression, target, [.. target.Select(_ => 1e9)], null, 0))!;
        Assert.Equal((squares.Low, squares.Width, squares.Bins), (other.Low, other.Width, other.Bins));
        Assert.Equal(rows, other.Counts.Sum() + other.Beyond);
    }

    [Fact]
    public void Equal_targets_have_no_squares() => Assert.Null(ActualSquares.Of(new Scores(Tasks.Regression, [2, 2], [1, 3], null, 0)));

    [Fact]
    public void Importance_is_the_same_at_every_run_and_finds_what_the_model_uses()
    {
        this.folder.Write("test.csv", Fixtures.Rows("breast_cancer.csv.gz", "test"));
        var request = Fixtures.Request(this.folder, Fixtures.Path("models", "breast-mlp-base.onnx"), new EvaluationSettings { Target = "target", Task = Tasks.Binary, Seed = 3 }) with { Importance = true };
        var importance = Fixtures.Evaluate(request).Series!.Importance!;
        Assert.Equal(("log_loss", "nats", 30, 30, 171), (importance.Metric, importance.Unit, importance.AllFeatures, importance.Features.Count, importance.Rows));
        Assert.Equal(importance.Features.Select(f => f.Value), importance.Features.Select(f => f.Value).OrderDescending());
        Assert.True(importance.Features[0].Low > 0, "what matters most matters");
        Assert.All(importance.Features, feature => Assert.True(feature.Low <= feature.Value && feature.Value <= feature.High, feature.Feature));
        Assert.Equal(importance.Features, Fixtures.Evaluate(request with { Threads = 1 }).Series!.Importance!.Features);
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "evaluation.schema.json"), this.folder.Of("evaluation.json")));
    }

    [Fact]
    public void The_quantiles_of_the_latency_agree_with_its_percentiles()
    {
        this.folder.Write("test.csv", Fixtures.Rows("wine.csv.gz", "test"));
        var latency = Fixtures.Evaluate(Fixtures.Request(this.folder, Fixtures.Path("models", "wine-rfc-base.onnx"), new EvaluationSettings { Target = "target", Task = Tasks.Multiclass })).Latency!;
        Assert.Equal(LatencyFacts.Quantiles, latency.QuantilesMs!.Count);
        Assert.Equal(latency.QuantilesMs, latency.QuantilesMs.Order());
        Assert.InRange(latency.P50Ms, latency.QuantilesMs[24], latency.QuantilesMs[25]);
        Assert.True(latency.P99Ms >= latency.P95Ms);
    }

    private static Scores Binary(double[] target, double[] score) => new(Tasks.Binary, target, [.. score.Select(p => p >= 0.5 ? 1.0 : 0)], score, 2);

    private static (double[] Target, double[] Score) Drawn(int rows)
    {
        var random = new Random(7);
        var target = Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.3 ? 1.0 : 0).ToArray();
        return (target, [.. target.Select(t => Math.Clamp((0.35 * t) + (0.65 * random.NextDouble()), 0, 1))]);
    }
}
