namespace Ci.Training.Linear;

/// <summary>Softmax (multinomial logistic) regression with an L2 penalty on the coefficients of standardised features, by L-BFGS.</summary>
public sealed class SoftmaxTrainer(SoftmaxSettings settings) : ITrainer
{
    public string Kind => "softmax";

    public TrainedModel Train(TrainingSet set, TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(context);
        var labels = ClassLabels.Of(set);
        var standardiser = Standardiser.Of(set);
        var objective = new CrossEntropy(set, standardiser, labels, settings.L2, context);
        int width = set.Features.Count, classes = labels.Labels.Length;
        var coefficients = new double[(width + 1) * classes];
        var steps = new Lbfgs(objective.Evaluate).Minimise(coefficients, settings.Iterations, settings.Tolerance, (step, _) =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Progress?.Invoke(new TrainingProgress(step, settings.Iterations, objective.LastLoss, null));
        });
        objective.Evaluate(coefficients, new double[coefficients.Length]);

        var weights = new float[width * classes];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)(coefficients[i] / standardiser.Spreads[i / classes]);
        var offsets = Array.ConvertAll(coefficients[weights.Length..], value => (float)value);
        return new LinearModel(this.Kind, set, labels.Labels, new TrainingFacts(steps, "log_loss", objective.LastLoss, null), standardiser.Means, weights, offsets);
    }
}
