namespace Ci.Promotion.Rules;

/// <summary>The environment is not frozen.</summary>
internal sealed class FreezeRule : IPromotionRule
{
    public string Name => "freeze";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        var freeze = (await facts.Deploy.FreezesAsync(ct)).FirstOrDefault(f => f.Holds(facts.Target.Name, facts.Model, facts.Now));
        if (freeze is null)
            return this.Yes($"{facts.Target.Name} is not frozen");
        var until = freeze.Until is { } end ? $"until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "until it is lifted";
        return this.No($"{facts.Target.Name} is frozen {until} by {freeze.By}: {freeze.Reason}. `mlops promote freeze --environment {facts.Target.Name} --lift --reason …` lifts it; `mlops promote rollback` is exempt");
    }
}
