using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>All that a report is made from.</summary>
public sealed record ReportInput
{
    public required ModelEvaluation Candidate { get; init; }

    /// <summary>The live model's evaluation; null where nothing is live.</summary>
    public ModelEvaluation? Baseline { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>What sentences call the baseline; without it the verdict's own label, else "baseline".</summary>
    public string? BaselineLabel { get; init; }

    /// <summary>Since when the baseline is live.</summary>
    public DateTimeOffset? BaselineSince { get; init; }

    public string? BaselineCommit { get; init; }

    /// <summary>How many commits the target branch is ahead of <see cref="BaselineCommit"/>.</summary>
    public int? BaselineBehind { get; init; }

    /// <summary>Why there is no baseline, where somebody looked for one.</summary>
    public string? NoBaseline { get; init; }

    /// <summary>The candidate's parameters by dotted name, and the baseline's where they are known.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string>? BaselineParameters { get; init; }

    /// <summary>What <c>mlops data check</c> found; null where it was not asked.</summary>
    public DataCheck? DataCheck { get; init; }

    /// <summary>Learning curves, as <see cref="LearningLog"/> reads them.</summary>
    public ReportLearning? Learning { get; init; }

    /// <summary>What earlier commits measured, oldest first; the candidate is put after them.</summary>
    public IReadOnlyList<HistoryPoint> History { get; init; } = [];

    public required ReportLineage Lineage { get; init; }
}
