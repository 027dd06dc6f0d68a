using Ci.Training.Export;
using Ci.Training.Linear;

namespace Ci.Training.Trees;

/// <summary>Starting scores plus the sum of all trees.</summary>
internal sealed class BoostedTreesModel(string task, TrainingSet set, long[] classes, TrainingFacts facts, float[] start, IReadOnlyList<Tree> trees)
    : TrainedModel("boosted-trees", task, set.Features, set.TargetName, classes, facts)
{
    private bool IsLogOdds => this.Task == "binary";

    public override double[] Predict(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var outputs = start.Length;
        var scores = new double[set.Rows * outputs];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = start[i % outputs];
        for (var t = 0; t < trees.Count; t++)
        {
            for (var row = 0; row < set.Rows; row++)
                scores[(row * outputs) + (t % outputs)] += trees[t].Predict(set, row);
        }

        if (this.IsLogOdds)
            return [.. scores.SelectMany(score => new[] { 1 / (1 + Math.Exp(score)), 1 / (1 + Math.Exp(-score)) })];
        for (var row = 0; row < set.Rows && outputs > 1; row++)
            Softmax.InPlace(scores.AsSpan(row * outputs, outputs));
        return scores;
    }

    internal override void Build(OnnxGraph graph)
    {
        // Regressor trees and standard operators, also for classes: TreeEnsembleClassifier changes its meaning of scores with their sign.
        var output = this.Task == "regression" ? OnnxGraph.Prediction : "scores";
        graph.TreeNode("TreeEnsembleRegressor", output, OnnxGraph.Input, new TreeAttributes(start, trees).All());
        if (this.Task != "regression")
            graph.Classify(output, this.IsLogOdds);
    }
}
