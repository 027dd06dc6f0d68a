using Ci.Git;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>Finishes what was merged and not applied, restores missing tags and audit entries, and reports edits that no promotion explains.</summary>
public sealed class PromotionReconciliation(PromotionContext context)
{
    /// <summary>Idempotent; meant to run on a schedule.</summary>
    public async Task<ReconcileReport> ReconcileAsync(string model, CancellationToken ct = default)
    {
        var applied = new List<ApplyOutcome>();
        var waiting = new List<string>();
        var unexplained = new List<string>();
        var deploy = await context.Deploy.ReadAsync(ct);
        var policy = await deploy.PolicyAsync(ct);
        await context.Branches.FetchAsync(ct);
        foreach (var environment in policy.Environments)
        {
            try
            {
                var outcome = policy.Upstream(environment.Name) is not null && await context.Branches.NewestMergeAsync(environment, model, ct) is not null
                    ? await new PromotionApplication(context).MergedAsync(environment.Name, model, ct)
                    : await this.RestoreAsync(deploy, environment, model, ct);
                if (outcome is { } done && (!done.AlreadyApplied || done.Tags.Count > 0))
                    applied.Add(done);
            }
            catch (Exception error) when (error is PromotionException or ReleaseRefusedException && error is not PromotionContendedException)
            {
                waiting.Add($"{environment.Name}: {error.Message}");
            }
        }

        deploy = await context.Deploy.ReadAsync(ct);
        foreach (var environment in policy.Environments)
        {
            if (await UnexplainedAsync(deploy, environment, model, ct) is { } words)
                unexplained.Add(words);
        }

        try
        {
            await deploy.AuditAsync(ct);
        }
        catch (PromotionException error)
        {
            unexplained.Add(error.Message);
        }

        return new ReconcileReport(applied, waiting, unexplained);
    }

    // The first environment has no merge to look for: its channel names the release, and the release its commit.
    private async Task<ApplyOutcome?> RestoreAsync(DeploySnapshot deploy, EnvironmentPolicy environment, string model, CancellationToken ct)
    {
        if (await deploy.ChannelAsync(environment.Name, model, ct) is not { } channel || await deploy.PromotionAsync(channel.PromotionId, ct) is null)
            return null;
        var release = (await deploy.VerifiedAsync(model, channel.Release, context.KeysFor(environment), ct)).Release;
        return await new ChannelFollowUp(context).FinishAsync(
            deploy, environment, release, channel.PromotionId, release.Provenance.Commit, "promote", null, already: true, ct);
    }

    private static async Task<string?> UnexplainedAsync(DeploySnapshot deploy, EnvironmentPolicy environment, string model, CancellationToken ct)
    {
        var path = Channel.PathOf(environment.Name, model);
        if (await deploy.ReadAsync(path, ct) is not { } bytes)
            return null;
        return await deploy.ExplainsAsync(Sha256Digest.Of(bytes), ct)
            ? null
            : $"{path} was edited by hand: no promotion wrote these bytes";
    }
}
