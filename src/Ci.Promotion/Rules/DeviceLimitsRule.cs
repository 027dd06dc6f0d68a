namespace Ci.Promotion.Rules;

/// <summary>The release keeps its own limits and the environment's.</summary>
internal sealed class DeviceLimitsRule : IPromotionRule
{
    public string Name => "device-limits";

    public Task<RuleOutcome> CheckAsync(CheckFacts facts, CancellationToken ct)
    {
        if (facts.Release is not { } verified)
            return Task.FromResult(this.Unknown());
        var release = verified.Release;
        var most = Math.Min(release.Limits.MaxBytes, facts.Target.MaxBytes ?? long.MaxValue);
        return Task.FromResult(release.TotalBytes <= most
            ? this.Yes($"{release.TotalBytes} of at most {most} bytes")
            : this.No($"its files have {release.TotalBytes} bytes; at most {most} are allowed"));
    }
}
