namespace Ci.Reporting;

/// <summary>What belongs together in a plot: one revision's line.</summary>
/// <param name="Name">The revision, and what tells its lines apart.</param>
/// <param name="Revision">Its place among the revisions; 0 is the newest.</param>
/// <param name="Points">Horizontal and vertical values as they stand in the file.</param>
public sealed record PlotCurve(string Name, int Revision, IReadOnlyList<(string X, string Y)> Points)
{
    /// <summary>How many rows each pair of a confusion matrix stands for; null where each is one.</summary>
    public IReadOnlyList<int>? Counts { get; init; }
}
