namespace Ci.Reporting;

/// <summary>Predicted against observed frequency of the positive class.</summary>
public sealed record ReportCalibration
{
    public required IReadOnlyList<CalibrationBin> Candidate { get; init; }

    public IReadOnlyList<CalibrationBin>? Baseline { get; init; }
}
