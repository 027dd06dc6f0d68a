namespace Ci.Promotion.Tests;

/// <summary>What several themes ask of a check.</summary>
internal static class Promotions
{
    public static void Refuses(CheckResult result, string rule, string words)
    {
        Assert.False(result.Passed);
        var refusal = Assert.Single(result.Rules, outcome => outcome.Rule == rule);
        Assert.False(refusal.Passed);
        Assert.Contains(words, refusal.Words, StringComparison.Ordinal);
    }
}
