namespace Ci.Reporting;

/// <summary>A plot of the pipeline's own, as <c>plots:</c> of dvc.yaml asks for it: curves, or a picture.</summary>
public sealed record ReportPlot
{
    /// <summary>Plots that a report may have.</summary>
    public const int MostPlots = 300;

    public const int MostCurves = 50;

    /// <summary>Points of all plots together, so that a report stays below its size.</summary>
    public const int MostPoints = 40_000;

    /// <summary>Its file or name.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>How it is drawn; a picture if absent.</summary>
    public PlotKind? Kind { get; init; }

    public string XLabel { get; init => field = value ?? ""; } = "";

    public string YLabel { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<ReportPlotCurve> Curves { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ReportPlotPicture> Pictures { get; init => field = value ?? []; } = [];
}
