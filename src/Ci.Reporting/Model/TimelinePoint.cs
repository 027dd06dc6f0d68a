namespace Ci.Reporting;

/// <summary>Means over the rows whose time lies in the span that begins at <see cref="From"/>.</summary>
public sealed record TimelinePoint(DateTimeOffset From, int Rows, double Target, double Candidate, double? Baseline = null);
