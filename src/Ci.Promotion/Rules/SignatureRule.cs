namespace Ci.Promotion.Rules;

/// <summary>Release document and bundle verify with a key that is trusted and that the environment allows.</summary>
internal sealed class SignatureRule : IPromotionRule
{
    public string Name => "signature";

    public Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct) => Task.FromResult(facts.Release is { } verified
        ? this.Yes($"release {verified.Release.Id.Brief} signed by key {verified.KeyHint[..12]}")
        : this.No($"{facts.ReleaseProblem}. The keys that may sign for {facts.Target.Name} are those in MLOPS_TRUSTED_KEYS{(facts.Target.Keys.Count == 0 ? "" : $", of which {Policy.Path} allows {string.Join(", ", facts.Target.Keys.Select(hint => hint[..Math.Min(12, hint.Length)]))}")}"));
}
