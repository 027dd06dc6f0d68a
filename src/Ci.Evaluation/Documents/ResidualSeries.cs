namespace Ci.Evaluation;

/// <summary>
/// Bin i counts residuals (prediction minus target) in [Low + i·Width, Low + (i + 1)·Width). Bins follow from the targets alone, so
/// two models on the same data have the same bins.
/// </summary>
public sealed record ResidualSeries(double Low, double Width, IReadOnlyList<int> Counts, int Beyond);
