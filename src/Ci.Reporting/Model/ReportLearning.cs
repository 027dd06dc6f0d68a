namespace Ci.Reporting;

/// <summary>Learning curves: a panel a metric, over iterations, epochs or steps.</summary>
public sealed record ReportLearning
{
    public const int MostPanels = 4;
    public const int MostPoints = 200;

    /// <summary>What is counted along the horizontal axis.</summary>
    public required string X { get; init; }

    public required IReadOnlyList<LearningPanel> Panels { get; init; }
}
