namespace Ci.Training;

/// <summary>Where a training stands after an iteration.</summary>
/// <param name="Iteration">Counted from 1.</param>
/// <param name="Of">The most iterations there may be.</param>
/// <param name="Metric">RMSE in the target's unit, or log-loss in nats, on the training rows.</param>
/// <param name="ValidationMetric">The same on the rows held back for early stopping; null where none are.</param>
public sealed record TrainingProgress(int Iteration, int Of, double Metric, double? ValidationMetric);
