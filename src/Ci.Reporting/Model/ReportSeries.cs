namespace Ci.Reporting;

/// <summary>The small aggregated series that figures are drawn from; what a task does not have is null.</summary>
public sealed record ReportSeries
{
    public ReportTimeline? Timeline { get; init; }

    public ReportResiduals? Residuals { get; init; }

    public ReportConfusion? Confusion { get; init; }

    public ReportCalibration? Calibration { get; init; }
}
