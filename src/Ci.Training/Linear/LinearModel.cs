using Ci.Training.Export;

namespace Ci.Training.Linear;

/// <summary>Scores (x − means)·W + b: a regression's value, or the logits of a softmax.</summary>
internal sealed class LinearModel : TrainedModel
{
    private readonly float[] means;
    private readonly float[] weights;
    private readonly float[] offsets;

    /// <summary><c>means</c>: One per feature. <c>weights</c>: <c>[features, outputs]</c>, for features as they come, not standardised. <c>offsets</c>: One per output.</summary>
    public LinearModel(string trainer, TrainingSet set, long[] classes, TrainingFacts facts, float[] means, float[] weights, float[] offsets)
        : base(trainer, TaskOf(classes), set.Features, set.TargetName, classes, facts)
    {
        this.means = means;
        this.weights = weights;
        this.offsets = offsets;
    }

    public override double[] Predict(TrainingSet set)
    {
        var outputs = this.offsets.Length;
        var scores = new double[set.Rows * outputs];
        for (var output = 0; output < outputs; output++)
        {
            for (var row = 0; row < set.Rows; row++)
                scores[(row * outputs) + output] = this.offsets[output];
            for (var feature = 0; feature < this.means.Length; feature++)
            {
                double weight = this.weights[(feature * outputs) + output], mean = this.means[feature];
                var column = set.Column(feature);
                for (var row = 0; row < column.Length; row++)
                    scores[(row * outputs) + output] += (column[row] - mean) * weight;
            }
        }

        for (var row = 0; row < set.Rows && this.Classes.Count > 0; row++)
            Softmax.InPlace(scores.AsSpan(row * outputs, outputs));
        return scores;
    }

    internal override void Build(OnnxGraph graph)
    {
        var outputs = this.offsets.Length;
        // Centring stays a node of its own: with features far from zero, weights folded into one offset would cancel in FP32.
        var centred = graph.Node("Sub", "centred", [OnnxGraph.Input, graph.Constant("means", this.means, this.means.Length)]);
        var w = graph.Constant("weights", this.weights, this.means.Length, outputs);
        var b = graph.Constant("offsets", this.offsets, outputs);
        if (this.Classes.Count == 0)
            graph.Node("Gemm", OnnxGraph.Prediction, [centred, w, b]);
        else
            graph.Classify(graph.Node("Gemm", "scores", [centred, w, b]), logOdds: false);
    }

    private static string TaskOf(long[] classes) => classes.Length switch { 0 => "regression", 2 => "binary", _ => "multiclass" };
}
