namespace Ci.Reporting;

/// <summary>
/// Histogram of prediction minus target: bin i counts residuals in [Low + i·Width, Low + (i+1)·Width). Residuals beyond the bins are
/// counted in the two <c>…Beyond</c>.
/// </summary>
public sealed record ReportResiduals
{
    public required double Low { get; init; }

    public required double Width { get; init; }

    public required IReadOnlyList<int> Candidate { get; init; }

    public IReadOnlyList<int>? Baseline { get; init; }

    public int CandidateBeyond { get; init; }

    public int BaselineBeyond { get; init; }
}
