namespace Ci.Training.Trees;

/// <summary>What boosting lowers: first and second derivatives of the loss by the raw scores, and the loss itself.</summary>
internal abstract class Objective
{
    /// <summary>Trees an iteration.</summary>
    public abstract int Outputs { get; }

    /// <summary>The second derivative is 1 everywhere.</summary>
    public virtual bool ConstantHessian => false;

    public abstract string MetricName { get; }

    public virtual long[] Classes => [];

    /// <summary>The constant scores to begin with, one per output, that fit the rows best.</summary>
    public abstract float[] Start(ReadOnlySpan<int> rows);

    /// <summary>Called once an iteration, before any gradients are asked for.</summary>
    /// <param name="scores"><c>[outputs][rows]</c></param>
    public virtual void Prepare(double[][] scores)
    {
    }

    public abstract void Derive(double[][] scores, int output, double[] gradients, double[] hessians);

    /// <summary>RMSE or mean log-loss over some rows.</summary>
    public abstract double Loss(double[][] scores, ReadOnlySpan<int> rows);

    public static Objective Of(string task, TrainingSet set) => task switch
    {
        "regression" => new SquaredError(set.Target.ToArray()),
        "binary" => new Logistic(ClassLabels.Of(set), set.TargetName),
        _ => new MulticlassLogistic(ClassLabels.Of(set)),
    };
}
