namespace Ci.Training.Linear;

/// <summary>Limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5) with a backtracking line search, for smooth convex functions.</summary>
internal sealed class Lbfgs(Func<double[], double[], double> evaluate)
{
    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4;
    private const int MostHalvings = 40;

    private readonly List<(double[] Step, double[] Change, double Rho)> history = [];

    /// <summary>Lowers the function from <paramref name="point"/> in place; returns the steps taken.</summary>
    /// <remarks>
    /// <c>evaluate</c>: Takes a point, fills the gradient, returns the value.
    /// <c>tolerance</c>: Stop when no entry of the gradient is larger.
    /// <c>told</c>: Called after each step with its number and the value.
    /// </remarks>
    public int Minimise(double[] point, int iterations, double tolerance, Action<int, double> told)
    {
        var gradient = new double[point.Length];
        var value = evaluate(point, gradient);
        for (var iteration = 1; iteration <= iterations; iteration++)
        {
            if (Largest(gradient) <= tolerance)
                return iteration - 1;
            var direction = this.Direction(gradient);
            var slope = Dot(direction, gradient);
            if (slope >= 0)
                return iteration - 1;
            var step = this.history.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            var next = new double[point.Length];
            var nextGradient = new double[point.Length];
            var halvings = 0;
            double nextValue;
            while (true)
            {
                for (var i = 0; i < point.Length; i++)
                    next[i] = point[i] + (step * direction[i]);
                nextValue = evaluate(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * step * slope))
                    break;
                // The decrease has drowned in rounding: this is as low as it goes.
                if (++halvings > MostHalvings)
                    return iteration - 1;
                step /= 2;
            }

            this.Remember(point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            (gradient, value) = (nextGradient, nextValue);
            told(iteration, value);
        }

        return iterations;
    }

    private double[] Direction(double[] gradient)
    {
        var direction = new double[gradient.Length];
        for (var i = 0; i < direction.Length; i++)
            direction[i] = -gradient[i];
        var alphas = new double[this.history.Count];
        for (var k = this.history.Count - 1; k >= 0; k--)
        {
            alphas[k] = this.history[k].Rho * Dot(this.history[k].Step, direction);
            Axpy.Add(-alphas[k], this.history[k].Change, direction);
        }

        if (this.history.Count > 0)
        {
            var (_, change, rho) = this.history[^1];
            var scale = 1 / (rho * Dot(change, change));
            for (var i = 0; i < direction.Length; i++)
                direction[i] *= scale;
        }

        for (var k = 0; k < this.history.Count; k++)
        {
            var beta = this.history[k].Rho * Dot(this.history[k].Change, direction);
            Axpy.Add(alphas[k] - beta, this.history[k].Step, direction);
        }

        return direction;
    }

    private void Remember(double[] point, double[] next, double[] gradient, double[] nextGradient)
    {
        var step = new double[point.Length];
        var change = new double[point.Length];
        for (var i = 0; i < step.Length; i++)
        {
            step[i] = next[i] - point[i];
            change[i] = nextGradient[i] - gradient[i];
        }

        var curvature = Dot(step, change);
        if (curvature <= 1e-12 * Dot(change, change))
            return;
        if (this.history.Count == Memory)
            this.history.RemoveAt(0);
        this.history.Add((step, change, 1 / curvature));
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double Largest(double[] values)
    {
        double most = 0;
        foreach (var value in values)
            most = Math.Max(most, Math.Abs(value));
        return most;
    }
}
