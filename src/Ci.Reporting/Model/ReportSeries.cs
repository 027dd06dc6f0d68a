namespace Ci.Reporting;

/// <summary>The small aggregated series that figures are drawn from; what a task does not have is null.</summary>
public sealed record ReportSeries
{
    public ReportTimeline? Timeline { get; init; }

    public ReportResiduals? Residuals { get; init; }

    public ReportConfusion? Confusion { get; init; }

    public ReportCalibration? Calibration { get; init; }

    /// <summary>ROC and precision–recall curves.</summary>
    public ReportRanking? Ranking { get; init; }

    /// <summary>Predictions against targets.</summary>
    public ReportActual? Actual { get; init; }

    public ReportImportance? Importance { get; init; }

    /// <summary>Learning curves.</summary>
    public ReportLearning? Learning { get; init; }

    /// <summary>The deciding metric over commits.</summary>
    public ReportHistory? History { get; init; }
}
