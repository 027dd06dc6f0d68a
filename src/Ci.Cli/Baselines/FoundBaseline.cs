namespace Ci.Cli.Baselines;

/// <summary>What a candidate is compared with.</summary>
/// <param name="Evaluation">The path of its evaluation; null where there is none.</param>
/// <param name="Label">What sentences call it: "live v1.0.0", "merge base 0123456".</param>
/// <param name="Commit">The commit that it was measured at.</param>
/// <param name="Since">Since when it is there.</param>
/// <param name="Behind">How many commits the target branch is ahead of it.</param>
/// <param name="WhyNone">Why there is none; null where there is one.</param>
internal sealed record FoundBaseline(string? Evaluation, string? Label = null, string? Commit = null, DateTimeOffset? Since = null, int? Behind = null, string? WhyNone = null)
{
    public static FoundBaseline None(string why) => new(null, WhyNone: why);
}
