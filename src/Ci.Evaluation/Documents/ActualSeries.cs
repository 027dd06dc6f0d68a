namespace Ci.Evaluation;

/// <summary>
/// Predictions against targets, counted in squares: cell <c>Counts[actual * Bins + predicted]</c>, both axes from <see cref="Low"/> in steps
/// of <see cref="Width"/>. The squares follow from the targets alone, so two models on the same data have the same ones.
/// </summary>
public sealed record ActualSeries(double Low, double Width, int Bins, IReadOnlyList<int> Counts, int Beyond)
{
    /// <summary>Squares along an axis at most.</summary>
    public const int MostBins = 32;
}
