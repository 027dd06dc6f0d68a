using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>Permutation importance; the baseline's where both models were measured on the same data with the same metric.</summary>
public sealed record ReportImportance
{
    public required ImportanceSeries Candidate { get; init; }

    public ImportanceSeries? Baseline { get; init; }
}
