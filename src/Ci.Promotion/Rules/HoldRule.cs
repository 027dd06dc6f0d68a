namespace Ci.Promotion.Rules;

/// <summary>The channel is not held, as it is after a rollback until a person looked into it.</summary>
internal sealed class HoldRule : IPromotionRule
{
    public string Name => "hold";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        var channel = await facts.Deploy.ChannelAsync(facts.Target.Name, facts.Model, ct);
        return channel is { Hold: true }
            ? this.No($"{facts.Target.Name} is held since it was rolled back: {channel.HoldReason ?? "no reason given"}. Once that is understood, `mlops promote freeze --environment {facts.Target.Name} --lift --reason …` lifts it")
            : this.Yes("not held");
    }
}
