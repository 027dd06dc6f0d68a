namespace Ci.Promotion;

/// <summary>How a release stands against what is live.</summary>
public sealed record LiveComparison
{
    /// <summary>"pass", "regress" or "inconclusive".</summary>
    public required string Outcome { get; init; }

    /// <summary>False: both were not measured on the same data, or the evidence cannot be had. That is no weak evidence but none.</summary>
    public bool Comparable { get; init; } = true;

    /// <summary>Why, in a sentence without its full stop; where it cannot be compared, also how to mend that.</summary>
    public required string Words { get; init; }

    /// <summary>There is nothing to judge by.</summary>
    public static LiveComparison None(string words) => new() { Outcome = "inconclusive", Comparable = false, Words = words };
}
