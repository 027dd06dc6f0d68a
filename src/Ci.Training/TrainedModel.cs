using Ci.Onnx.Proto;
using Ci.Training.Export;

namespace Ci.Training;

/// <summary>A model that was just trained: it predicts by itself (to check the file against) and becomes an ONNX file.</summary>
public abstract class TrainedModel
{
    private protected TrainedModel(string trainer, string task, IReadOnlyList<string> features, string target, long[] classes, TrainingFacts facts)
    {
        this.Trainer = trainer;
        this.Task = task;
        this.Features = features;
        this.Target = target;
        this.Classes = classes;
        this.Facts = facts;
    }

    /// <summary><c>ridge</c>, <c>softmax</c> or <c>boosted-trees</c>.</summary>
    public string Trainer { get; }

    /// <summary><c>regression</c>, <c>binary</c> or <c>multiclass</c>.</summary>
    public string Task { get; }

    public IReadOnlyList<string> Features { get; }

    public string Target { get; }

    /// <summary>The class labels in ascending order, one per column of the probabilities; empty for a regression.</summary>
    public IReadOnlyList<long> Classes { get; }

    public TrainingFacts Facts { get; }

    /// <summary>
    /// Predicts every row. Regression: <c>[rows]</c>, in the target's unit. Classification: probabilities <c>[rows, classes]</c>, row after row.
    /// </summary>
    public abstract double[] Predict(TrainingSet set);

    /// <summary>
    /// The model as an ONNX file (opset 17, ai.onnx.ml 3): input <c>features</c> FP32 [batch, n]; outputs <c>prediction</c> FP32 [batch, 1], or
    /// <c>label</c> INT64 [batch] and <c>probabilities</c> FP32 [batch, k]. The same model gives the same bytes.
    /// </summary>
    public byte[] ToOnnx()
    {
        var graph = new OnnxGraph(this);
        this.Build(graph);
        return graph.ToBytes();
    }

    internal abstract void Build(OnnxGraph graph);
}
