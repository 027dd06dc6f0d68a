using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>ROC and precision–recall curves; the baseline's where both models were measured on the same data with the same classes.</summary>
public sealed record ReportRanking
{
    public required RankingSeries Candidate { get; init; }

    public RankingSeries? Baseline { get; init; }
}
