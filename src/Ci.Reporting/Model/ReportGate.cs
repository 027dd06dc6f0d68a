using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// One row of the gate table. Values are in <see cref="Unit"/>; the difference is candidate minus baseline with its interval at
/// <see cref="Level"/> (0.95 means 95 %). What a gate does not compare is null.
/// </summary>
public sealed record ReportGate
{
    public required string Name { get; init; }

    public required string Metric { get; init; }

    public string? Slice { get; init; }

    /// <summary>The rule in words, as the gate file states it.</summary>
    public string? Rule { get; init; }

    public string? Unit { get; init; }

    /// <summary>"lower" or "higher": which way is better; null where neither is (a bias).</summary>
    public string? Direction { get; init; }

    public double? Candidate { get; init; }

    public double? Baseline { get; init; }

    public double? Difference { get; init; }

    /// <summary>The lower end of the difference's interval; of the candidate's own where nothing is compared.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    public double? Level { get; init; }

    public string? Test { get; init; }

    public double? P { get; init; }

    public double? AdjustedP { get; init; }

    public double? Margin { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>The rule needs a baseline and nothing is live yet: the gate waits, and counts for nothing.</summary>
    public bool Skipped { get; init; }

    public string? Reason { get; init; }

    internal Change? Change => this.Difference is { } difference
        ? new Change(difference, this.Low, this.High, this.Unit, this.Direction != "higher")
        : null;
}
