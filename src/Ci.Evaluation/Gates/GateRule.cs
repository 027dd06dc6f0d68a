namespace Ci.Evaluation;

/// <summary>What a gate asks.</summary>
public enum GateRule
{
    /// <summary>The candidate is not worse than the baseline by more than the margin (non-inferiority).</summary>
    NotWorse,

    /// <summary>The candidate is better than the baseline by more than the margin.</summary>
    Better,

    /// <summary>The candidate's value is at most the limit.</summary>
    Max,

    /// <summary>The candidate's value is at least the limit.</summary>
    Min,
}
