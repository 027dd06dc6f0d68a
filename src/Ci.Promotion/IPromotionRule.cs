namespace Ci.Promotion;

/// <summary>One rule that a promotion must keep. Asks, never changes anything.</summary>
internal interface IPromotionRule
{
    /// <summary>Stable, in kebab case.</summary>
    string Name { get; }

    Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct);
}
