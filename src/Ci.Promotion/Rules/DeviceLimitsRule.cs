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
        var total = release.TotalBytes;
        if (total > release.Limits.MaxBytes)
            return Task.FromResult(this.No($"its files have {total} bytes, more than the {release.Limits.MaxBytes} that the release itself allows; make it again with a larger `--max-bytes`, or a smaller model"));
        return Task.FromResult(facts.Target.MaxBytes is { } most && total > most
            ? this.No($"its files have {total} bytes; {facts.Target.Name} takes at most {most} (`max_bytes` in {Policy.Path} of the deploy repository): bring a smaller model, or raise the limit there")
            : this.Yes($"{total} of at most {Math.Min(release.Limits.MaxBytes, facts.Target.MaxBytes ?? long.MaxValue)} bytes"));
    }
}
