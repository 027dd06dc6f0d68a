namespace Ci.Reporting;

/// <summary>One plot on the page.</summary>
/// <param name="Id">Its file or name.</param>
/// <param name="Title">What stands above it.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="XLabel">Below the horizontal axis.</param>
/// <param name="YLabel">What the vertical axis measures.</param>
/// <param name="Curves">What is drawn.</param>
public sealed record PlotCard(string Id, string Title, PlotKind Kind, string XLabel, string YLabel, IReadOnlyList<PlotCurve> Curves);
