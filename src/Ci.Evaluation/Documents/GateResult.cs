using System.Text.Json.Serialization;

namespace Ci.Evaluation;

/// <summary>What one gate found. Values are in <see cref="Unit"/>; what the rule does not compare is null.</summary>
public sealed record GateResult
{
    public required string Name { get; init; }

    public required string Metric { get; init; }

    /// <summary>"month=4", or null for all rows.</summary>
    public string? Slice { get; init; }

    /// <summary>The rule in words: "not worse by more than 2 %".</summary>
    public required string Rule { get; init; }

    public string Unit { get; init => field = value ?? ""; } = "";

    /// <summary>"lower" or "higher" is better; null where neither is (a bias).</summary>
    public string? Direction { get; init; }

    public double? Baseline { get; init; }

    public double? Candidate { get; init; }

    /// <summary>Candidate minus baseline.</summary>
    public double? Difference { get; init; }

    /// <summary>The interval of the difference; of the candidate itself for an absolute rule.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>The interval's level, widened for the number of gates tested together where that was needed.</summary>
    public double? Level { get; init; }

    /// <summary>The test and what it assumes, in words.</summary>
    public string? Test { get; init; }

    /// <summary>The chance of such evidence where the truth lies on the margin; one-sided.</summary>
    public double? P { get; init; }

    /// <summary>The same after Holm's adjustment over the tested gates.</summary>
    public double? AdjustedP { get; init; }

    /// <summary>The margin in <see cref="Unit"/>: how much worse is tolerated, how much better is asked for, or the limit itself.</summary>
    public double? Margin { get; init; }

    /// <summary>The rule needs a baseline and nothing is live yet: the gate counts for nothing.</summary>
    public bool Skipped { get; init; }

    [JsonIgnore]
    public bool Applies => !this.Skipped;

    public required Outcome Outcome { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }
}
