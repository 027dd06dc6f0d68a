namespace Ci.Statistics;

/// <summary>Metrics of a regression. Both spans: one value a row, equally long, not empty, without NaN (NaN in, NaN out).</summary>
public static class RegressionMetrics
{
    /// <summary>Root mean squared error √(Σ(p − t)² / n), in the target's unit. Lower is better.</summary>
    public static double Rmse(ReadOnlySpan<double> target, ReadOnlySpan<double> prediction)
    {
        Pairs.Check(target.Length, prediction.Length);
        double sum = 0;
        for (var i = 0; i < target.Length; i++)
        {
            var error = prediction[i] - target[i];
            sum += error * error;
        }

        return Math.Sqrt(sum / target.Length);
    }

    /// <summary>Mean absolute error Σ|p − t| / n, in the target's unit. Lower is better.</summary>
    public static double Mae(ReadOnlySpan<double> target, ReadOnlySpan<double> prediction)
    {
        Pairs.Check(target.Length, prediction.Length);
        double sum = 0;
        for (var i = 0; i < target.Length; i++)
            sum += Math.Abs(prediction[i] - target[i]);
        return sum / target.Length;
    }

    /// <summary>Mean absolute percentage error 100 · Σ|p − t| / |t| / n, in %. Rows whose target is 0 are left out; NaN if none is left. Lower is better.</summary>
    public static double Mape(ReadOnlySpan<double> target, ReadOnlySpan<double> prediction)
    {
        Pairs.Check(target.Length, prediction.Length);
        double sum = 0;
        var rows = 0;
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] == 0)
                continue;
            sum += Math.Abs((prediction[i] - target[i]) / target[i]);
            rows++;
        }

        return rows == 0 ? double.NaN : 100 * sum / rows;
    }

    /// <summary>Mean error Σ(p − t) / n, in the target's unit: above 0 the model says too much. Nearest to 0 is best.</summary>
    public static double Bias(ReadOnlySpan<double> target, ReadOnlySpan<double> prediction)
    {
        Pairs.Check(target.Length, prediction.Length);
        double sum = 0;
        for (var i = 0; i < target.Length; i++)
            sum += prediction[i] - target[i];
        return sum / target.Length;
    }

    /// <summary>Coefficient of determination 1 − Σ(p − t)² / Σ(t − t̄)²; at most 1, NaN where all targets are equal. Higher is better.</summary>
    public static double R2(ReadOnlySpan<double> target, ReadOnlySpan<double> prediction)
    {
        Pairs.Check(target.Length, prediction.Length);
        double mean = 0;
        foreach (var t in target)
            mean += t;
        mean /= target.Length;
        double residual = 0;
        double total = 0;
        for (var i = 0; i < target.Length; i++)
        {
            residual += (prediction[i] - target[i]) * (prediction[i] - target[i]);
            total += (target[i] - mean) * (target[i] - mean);
        }

        return total == 0 ? double.NaN : 1 - (residual / total);
    }
}
