namespace Ci.Promotion.Rules;

/// <summary>Short ways for a rule to say yes or no.</summary>
internal static class RuleWords
{
    public static RuleOutcome Yes(this IPromotionRule rule, string words) => new(rule.Name, true, words);

    public static RuleOutcome No(this IPromotionRule rule, string words) => new(rule.Name, false, words);

    /// <summary>A rule that needs the release never passes by default.</summary>
    public static RuleOutcome Unknown(this IPromotionRule rule) => new(rule.Name, false, "cannot be asked before the release verifies: see the rule `signature`");
}
