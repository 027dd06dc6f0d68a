namespace Ci.Reporting;

/// <summary>One parameter of the pipeline by its dotted name; <see cref="Baseline"/> is null where that is not known.</summary>
public sealed record ReportParameter(string Name, string Candidate, string? Baseline = null);
