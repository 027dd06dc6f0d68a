using Ci.Releases;

namespace Ci.Promotion;

/// <summary>Says what runs where, and what waits.</summary>
public sealed class PromotionStatus(PromotionContext context)
{
    /// <summary>One row an environment, in the policy's order.</summary>
    public async Task<IReadOnlyList<EnvironmentStatus>> ReadAsync(string model, CancellationToken ct = default)
    {
        var deploy = await context.Deploy.ReadAsync(ct);
        var policy = await deploy.PolicyAsync(ct);
        var freezes = await deploy.FreezesAsync(ct);
        var (entries, problem) = await EntriesAsync(deploy, ct);
        await context.Branches.FetchAsync(ct);
        var rows = new List<EnvironmentStatus>();
        foreach (var environment in policy.Environments)
        {
            var channel = await deploy.ChannelAsync(environment.Name, model, ct);
            var last = entries.LastOrDefault(entry => channel is not null && entry.PromotionId == channel.PromotionId);
            var freeze = freezes.FirstOrDefault(f => f.Holds(environment.Name, model, context.Time.GetUtcNow()));
            // A rollback puts an older release back on purpose; upstream is ahead all the same, and the hold says why it stays.
            var upstream = rows.Count > 0 ? rows[^1] : null;
            var ahead = upstream?.Release is not null && upstream.Release != channel?.Release ? upstream : null;
            rows.Add(new EnvironmentStatus
            {
                Environment = environment.Name,
                Model = model,
                Release = channel?.Release,
                Version = channel is null ? null : await VersionAsync(deploy, model, channel.Release, ct),
                Sequence = channel?.Sequence,
                Hold = channel?.Hold == true,
                HoldReason = channel?.HoldReason,
                Frozen = freeze is null ? null : $"{freeze.Reason} ({freeze.By})",
                Pending = await this.PendingAsync(deploy, policy, environment, model, ct),
                Upstream = upstream?.Environment,
                AheadRelease = ahead?.Release,
                AheadVersion = ahead?.Version,
                At = last?.At,
                By = last?.Actor,
                AuditProblem = problem,
            });
        }

        return rows;
    }

    // What runs is asked most urgently when something is wrong: a broken audit log must not hide it.
    private static async Task<(IReadOnlyList<AuditEntry> Entries, string? Problem)> EntriesAsync(DeploySnapshot deploy, CancellationToken ct)
    {
        try
        {
            return ((await deploy.AuditAsync(ct)).Entries, null);
        }
        catch (PromotionRefusedException error)
        {
            return ([], error.Message);
        }
    }

    private async Task<bool> PendingAsync(DeploySnapshot deploy, Policy policy, EnvironmentPolicy environment, string model, CancellationToken ct) =>
        policy.Upstream(environment.Name) is not null
        && await context.Branches.NewestMergeAsync(environment, model, ct) is { } merged
        && await deploy.PromotionAsync(PromotionId.Of(environment.Name, model, merged.Prepared.Release, merged.MergeCommit), ct) is null;

    private static async Task<string?> VersionAsync(DeploySnapshot deploy, string model, Sha256Digest id, CancellationToken ct) =>
        await deploy.ReleaseAsync(model, id, ct) is { } found ? Release.Read(found.Document).Version : null;
}
