namespace Ci.Promotion.Rules;

/// <summary>Which rules are asked when, in the order in which they are told.</summary>
internal static class RuleBook
{
    /// <summary>Before the merge: everything.</summary>
    public static readonly IReadOnlyList<IPromotionRule> Check =
    [
        new PreparedCommitRule(), new TreeEqualityRule(), new NoForeignCommitsRule(), new SignatureRule(), new LiveUpstreamRule(), new BlobsRule(),
        new GateRule(), new DeviceLimitsRule(), new SoakRule(), new FreezeRule(), new HoldRule(), new ApprovalsRule(),
    ];

    /// <summary>At the moment of writing the channel: what may have changed since, or was never checked (the first environment).</summary>
    public static readonly IReadOnlyList<IPromotionRule> Apply =
        [new SignatureRule(), new BlobsRule(), new GateRule(), new DeviceLimitsRule(), new FreezeRule(), new HoldRule()];

    public static async Task<IReadOnlyList<RuleOutcome>> AskAsync(IReadOnlyList<IPromotionRule> rules, CheckFacts facts, CancellationToken ct)
    {
        var outcomes = new List<RuleOutcome>();
        foreach (var rule in rules)
            outcomes.Add(await rule.CheckAsync(facts, ct));
        return outcomes;
    }
}
