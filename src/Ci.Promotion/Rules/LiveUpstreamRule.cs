namespace Ci.Promotion.Rules;

/// <summary>The release is the very one that is live upstream: nothing is built again, nothing skips an environment.</summary>
internal sealed class LiveUpstreamRule : IPromotionRule
{
    public string Name => "live-upstream";

    public async Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Upstream is not { } upstream)
            return this.Yes("the first environment has nothing upstream");
        var channel = await facts.Deploy.ChannelAsync(upstream.Name, facts.Model, ct);
        if (channel is null)
            return this.No($"nothing of {facts.Model} is live in {upstream.Name}, so nothing can come from there; bring it to {upstream.Name} first");
        return channel.Release == facts.ReleaseId
            ? this.Yes($"live in {upstream.Name} as sequence {channel.Sequence}")
            : this.No($"{upstream.Name} runs release {channel.Release.Brief} by now, not {facts.ReleaseId.Brief}; `mlops promote open --to {facts.Target.Name}` opens the promotion of that one and closes this");
    }
}
