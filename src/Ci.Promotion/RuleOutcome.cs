namespace Ci.Promotion;

/// <summary>What a rule found.</summary>
/// <param name="Rule">Its stable name.</param>
/// <param name="Passed">Whether it lets the promotion pass.</param>
/// <param name="Words">Why, for people.</param>
public sealed record RuleOutcome(string Rule, bool Passed, string Words);
