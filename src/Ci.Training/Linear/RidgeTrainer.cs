namespace Ci.Training.Linear;

/// <summary>
/// Ridge regression in closed form (Hoerl and Kennard 1970): minimises Σ(y − ŷ)² + λ‖w‖² over coefficients of standardised features; the
/// intercept is free.
/// </summary>
public sealed class RidgeTrainer(RidgeSettings settings) : ITrainer
{
    public string Kind => "ridge";

    public TrainedModel Train(TrainingSet set, TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(context);
        var standardiser = Standardiser.Of(set);
        double mean = 0;
        foreach (var value in set.Target)
            mean += value / set.Rows;
        var solution = NormalEquations.Of(set, standardiser, mean, context).Solve(settings.Lambda);
        var weights = new float[solution.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)(solution[i] / standardiser.Spreads[i]);
        var rough = Make(new TrainingFacts(1, "rmse", 0, null));
        var facts = new TrainingFacts(1, "rmse", Rmse(rough.Predict(set), set.Target), null);
        context.Progress?.Invoke(new TrainingProgress(1, 1, facts.Metric, null));
        return Make(facts);

        LinearModel Make(TrainingFacts known) => new(this.Kind, set, [], known, standardiser.Means, weights, [(float)mean]);
    }

    private static double Rmse(double[] predictions, ReadOnlySpan<double> target)
    {
        double sum = 0;
        for (var row = 0; row < predictions.Length; row++)
            sum += (predictions[row] - target[row]) * (predictions[row] - target[row]);
        return Math.Sqrt(sum / predictions.Length);
    }
}
