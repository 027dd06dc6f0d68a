using Ci.Onnx;
using Ci.Testing;
using Ci.Training.Linear;
using Ci.Training.Trees;

namespace Ci.Training.Tests;

/// <summary>What ONNX Runtime makes of the file is what the trainer says, to 1e-5 relative, for every trainer and task.</summary>
public sealed class OnnxEqualityTests
{
    private static readonly TrainingContext Context = new() { Seed = 1, Threads = 2 };

    public static TheoryData<string> Regressions => ["ridge", "boosted-trees", "boosted-trees with missing values", "boosted-trees, one leaf"];

    public static TheoryData<string, int> Classifications => new()
    {
        { "softmax", 2 }, { "softmax", 3 }, { "binary", 2 }, { "multiclass", 2 }, { "multiclass", 4 }, { "missing", 2 }, { "missing", 3 },
    };

    [Theory]
    [MemberData(nameof(Regressions))]
    public void Onnx_Runtime_predicts_the_trainers_values(string kind)
    {
        var set = Sets.Regression(missingEvery: kind.Contains("missing", StringComparison.Ordinal) ? 5 : 0);
        ITrainer trainer = kind == "ridge"
            ? new RidgeTrainer(new RidgeSettings())
            : new BoostedTreesTrainer(new BoostedTreesSettings { Iterations = 60, MinSamplesLeaf = kind.EndsWith("leaf", StringComparison.Ordinal) ? 1500 : 5 });
        var model = trainer.Train(set, Context);
        using var session = Load(model);

        var output = Assert.Single(Run(session, set));

        Assert.Equal("prediction", output.Name);
        Assert.Equal([set.Rows, 1], output.Shape);
        AssertNear(model.Predict(set), output.ToDoubles());
        Assert.Equal("[\"step\",\"wave\",\"kind_0\",\"kind_1\",\"kind_2\",\"constant\"]", session.Metadata["mlops.features"]);
        Assert.Equal("y", session.Metadata["mlops.target"]);
        Assert.Equal("regression", session.Metadata["mlops.task"]);
        Assert.Equal(model.Trainer, session.Metadata["mlops.trainer"]);
    }

    [Theory]
    [MemberData(nameof(Classifications))]
    public void Onnx_Runtime_classifies_as_the_trainer_does(string kind, int classes)
    {
        var set = Sets.Classes(classes, missing: kind == "missing");
        var task = kind is "binary" or "multiclass" ? kind : classes == 2 ? "binary" : "multiclass";
        ITrainer trainer = kind == "softmax"
            ? new SoftmaxTrainer(new SoftmaxSettings())
            : new BoostedTreesTrainer(new BoostedTreesSettings { Task = task, Iterations = 30 });
        var model = trainer.Train(set, Context);
        using var session = Load(model);

        var outputs = Run(session, set);

        Assert.Equal(["label", "probabilities"], outputs.Select(output => output.Name));
        Assert.Equal([set.Rows, classes], outputs[1].Shape);
        var expected = model.Predict(set);
        AssertNear(expected, outputs[1].ToDoubles(), floor: 1e-3);
        var labels = outputs[0].As<long>();
        for (var row = 0; row < set.Rows; row++)
        {
            var own = expected.AsSpan(row * classes, classes);
            var best = own.IndexOf(own.ToArray().Max());
            Assert.Equal(model.Classes[best], labels[row]);
        }

        Assert.Equal(task, session.Metadata["mlops.task"]);
    }

    [Fact]
    public void Rows_on_a_cut_and_one_float_beside_it_fall_on_the_trainers_side()
    {
        var set = Sets.Regression(rows: 600);
        var model = new BoostedTreesTrainer(new BoostedTreesSettings { Iterations = 20 }).Train(set, Context);
        var cuts = Quantiles.Cuts(set.Column(1), 255, new uint[set.Rows], new uint[set.Rows]);
        var values = cuts.SelectMany(cut => new[] { cut, MathF.BitIncrement(cut), MathF.BitDecrement(cut) }).ToArray();
        var columns = Enumerable.Range(0, 6).Select(_ => new float[values.Length]).ToArray();
        columns[1] = values;
        var probe = new TrainingSet(set.Features, columns, "y", new double[values.Length]);
        using var session = Load(model);

        AssertNear(model.Predict(probe), Run(session, probe)[0].ToDoubles());
    }

    private static OnnxSession Load(TrainedModel model) =>
        OnnxSession.Load(OnnxRuntime.Load(OnnxRuntimeLibrary.Path, OnnxRuntimeLibrary.Environment), model.ToOnnx());

    private static IReadOnlyList<OnnxValue> Run(OnnxSession session, TrainingSet set) =>
        session.Run([OnnxValue.Of("features", set.RowMajor(), set.Rows, set.Features.Count)]);

    private static void AssertNear(double[] expected, double[] actual, double floor = 1)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = 1e-5 * Math.Max(floor, Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"value {i}: the trainer says {expected[i]:R}, ONNX Runtime {actual[i]:R}");
        }
    }
}
