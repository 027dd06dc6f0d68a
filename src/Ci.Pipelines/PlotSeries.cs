namespace Ci.Pipelines;

/// <summary>One line of a <see cref="Plot"/>.</summary>
/// <param name="FullPath">The file (or folder of files) with the points, absolute.</param>
/// <param name="X">Column of the horizontal axis; null: the point's number.</param>
/// <param name="Y">Column of the vertical axis; null: the last column.</param>
public sealed record PlotSeries(string FullPath, string? X, string? Y);
