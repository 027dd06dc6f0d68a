namespace Ci.Reporting;

/// <summary>What belongs together in a plot: one revision's line.</summary>
public sealed record ReportPlotCurve
{
    /// <summary>The revision, and what tells its lines apart.</summary>
    public required string Name { get; init; }

    /// <summary>Its place among the revisions; 0 is the newest.</summary>
    public int Revision { get; init; }

    /// <summary>Horizontal values as they stand in the file; for a confusion matrix the true classes.</summary>
    public required IReadOnlyList<string> X { get; init; }

    /// <summary>Vertical values; for a confusion matrix the predicted classes.</summary>
    public required IReadOnlyList<string> Y { get; init; }

    /// <summary>How many rows each pair of a confusion matrix stands for; null where each is one.</summary>
    public IReadOnlyList<int>? Counts { get; init; }
}
