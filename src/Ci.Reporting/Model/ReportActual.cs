namespace Ci.Reporting;

/// <summary>
/// Predictions against targets, counted in squares: <c>Candidate[actual * Bins + predicted]</c>, both axes from <see cref="Low"/> in steps of
/// <see cref="Width"/>. Predictions beyond the squares are counted in the two <c>…Beyond</c>.
/// </summary>
public sealed record ReportActual
{
    public required double Low { get; init; }

    public required double Width { get; init; }

    public required int Bins { get; init; }

    public required IReadOnlyList<int> Candidate { get; init; }

    public IReadOnlyList<int>? Baseline { get; init; }

    public int CandidateBeyond { get; init; }

    public int BaselineBeyond { get; init; }
}
