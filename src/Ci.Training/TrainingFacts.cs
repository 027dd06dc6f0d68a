namespace Ci.Training;

/// <summary>What a training came to.</summary>
/// <param name="Iterations">Boosting iterations kept, optimiser steps taken, or 1 for a closed form.</param>
/// <param name="MetricName"><c>rmse</c> (the target's unit) or <c>log_loss</c> (nats).</param>
/// <param name="Metric">On the rows trained on: a warning sign, never a measure of quality.</param>
/// <param name="ValidationMetric">On the rows held back for early stopping; null where none were.</param>
public sealed record TrainingFacts(int Iterations, string MetricName, double Metric, double? ValidationMetric);
