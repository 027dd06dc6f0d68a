namespace Ci.Training.Trees;

/// <summary>½(y − s)²; reported as RMSE in the target's unit.</summary>
internal sealed class SquaredError(double[] target) : Objective
{
    public override int Outputs => 1;

    public override bool ConstantHessian => true;

    public override string MetricName => "rmse";

    public override float[] Start(ReadOnlySpan<int> rows)
    {
        double mean = 0;
        foreach (var row in rows)
            mean += target[row] / rows.Length;
        return [(float)mean];
    }

    public override void Derive(double[][] scores, int output, double[] gradients, double[] hessians)
    {
        var score = scores[0];
        for (var row = 0; row < gradients.Length; row++)
            gradients[row] = score[row] - target[row];
    }

    public override double Loss(double[][] scores, ReadOnlySpan<int> rows)
    {
        double sum = 0;
        foreach (var row in rows)
            sum += (scores[0][row] - target[row]) * (scores[0][row] - target[row]);
        return Math.Sqrt(sum / rows.Length);
    }
}
