namespace Ci.Training.Trees;

/// <summary>
/// Gradients as fixed-point integers, because integer sums do not depend on their order: histograms are the same on any number of threads,
/// and a parent minus one child is exactly the other child. Per row the gradient stands in the upper 40 bits and the number 1 in the lower 24,
/// so one addition sums both gradient and count. Precision is 2³⁹ / rows steps of the largest gradient: 23 bits at 44,000 rows.
/// </summary>
internal sealed class FixedPoint(int rows, bool constantHessian)
{
    public const int CountBits = 24;
    public const long CountMask = (1L << CountBits) - 1;
    public const int MostRows = (int)CountMask;

    /// <summary>Gradient and count, per row.</summary>
    public long[] Packed { get; } = new long[rows];

    /// <summary>Second derivatives, per row; null where they are all 1, so that the count serves.</summary>
    public long[]? Hessians { get; } = constantHessian ? null : new long[rows];

    /// <summary>One step of the gradient, in real units.</summary>
    public double GradientStep { get; private set; }

    /// <summary>One step of the Hessian, in real units.</summary>
    public double HessianStep { get; private set; }

    public void Set(double[] gradients, double[] hessians)
    {
        this.GradientStep = Step(gradients, ((1L << 39) - 1) / rows);
        var scale = 1 / this.GradientStep;
        for (var row = 0; row < gradients.Length; row++)
            this.Packed[row] = ((long)Math.Round(gradients[row] * scale) << CountBits) | 1;
        if (this.Hessians is not { } target)
            return;
        this.HessianStep = Step(hessians, (1L << 62) / rows);
        scale = 1 / this.HessianStep;
        for (var row = 0; row < hessians.Length; row++)
            target[row] = (long)Math.Round(hessians[row] * scale);
    }

    private static double Step(double[] values, long steps)
    {
        double most = 0;
        foreach (var value in values)
            most = Math.Max(most, Math.Abs(value));
        // Beyond 2⁴⁰ steps a double has nothing more to give.
        return most > 0 ? most / Math.Min(steps, 1L << 40) : 1;
    }
}
