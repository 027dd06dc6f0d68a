namespace Ci.Training.Trees;

/// <summary>Log-loss of two classes; the score is the log-odds of the second.</summary>
internal sealed class Logistic : Objective
{
    private readonly int[] second;

    public Logistic(ClassLabels labels, string target)
    {
        if (labels.Labels.Length != 2)
            throw new TrainingException($"column `{target}` holds {labels.Labels.Length} classes, and `task: binary` takes two; use `task: multiclass`");
        this.second = labels.Rows;
        this.Classes = labels.Labels;
    }

    public override int Outputs => 1;

    public override string MetricName => "log_loss";

    public override long[] Classes { get; }

    public override float[] Start(ReadOnlySpan<int> rows)
    {
        var positives = 0;
        foreach (var row in rows)
            positives += this.second[row];
        var share = Math.Clamp((double)positives / rows.Length, 1e-6, 1 - 1e-6);
        return [(float)Math.Log(share / (1 - share))];
    }

    public override void Derive(double[][] scores, int output, double[] gradients, double[] hessians)
    {
        var score = scores[0];
        for (var row = 0; row < gradients.Length; row++)
        {
            var probability = 1 / (1 + Math.Exp(-score[row]));
            gradients[row] = probability - this.second[row];
            hessians[row] = probability * (1 - probability);
        }
    }

    public override double Loss(double[][] scores, ReadOnlySpan<int> rows)
    {
        double sum = 0;
        foreach (var row in rows)
        {
            // log(1 + e^z) without overflow, z the log-odds against the row's own class.
            var z = this.second[row] == 1 ? -scores[0][row] : scores[0][row];
            sum += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        }

        return sum / rows.Length;
    }
}
