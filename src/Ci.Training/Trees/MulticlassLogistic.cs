using Ci.Training.Linear;

namespace Ci.Training.Trees;

/// <summary>Cross-entropy of a softmax over one score per class.</summary>
internal sealed class MulticlassLogistic(ClassLabels labels) : Objective
{
    private double[] probabilities = [];

    public override int Outputs => labels.Labels.Length;

    public override string MetricName => "log_loss";

    public override long[] Classes => labels.Labels;

    public override float[] Start(ReadOnlySpan<int> rows)
    {
        var counts = new int[this.Outputs];
        foreach (var row in rows)
            counts[labels.Rows[row]]++;
        var total = rows.Length;
        return Array.ConvertAll(counts, count => (float)Math.Log(Math.Max(count, 1e-6 * total) / total));
    }

    public override void Prepare(double[][] scores)
    {
        var rows = labels.Rows.Length;
        if (this.probabilities.Length == 0)
            this.probabilities = new double[rows * this.Outputs];
        for (var row = 0; row < rows; row++)
        {
            var own = this.probabilities.AsSpan(row * this.Outputs, this.Outputs);
            for (var k = 0; k < own.Length; k++)
                own[k] = scores[k][row];
            Softmax.InPlace(own);
        }
    }

    public override void Derive(double[][] scores, int output, double[] gradients, double[] hessians)
    {
        for (var row = 0; row < gradients.Length; row++)
        {
            var probability = this.probabilities[(row * this.Outputs) + output];
            gradients[row] = probability - (labels.Rows[row] == output ? 1 : 0);
            hessians[row] = probability * (1 - probability);
        }
    }

    public override double Loss(double[][] scores, ReadOnlySpan<int> rows)
    {
        double sum = 0;
        var own = new double[this.Outputs];
        foreach (var row in rows)
        {
            for (var k = 0; k < own.Length; k++)
                own[k] = scores[k][row];
            sum += Softmax.InPlace(own) - scores[labels.Rows[row]][row];
        }

        return sum / rows.Length;
    }
}
