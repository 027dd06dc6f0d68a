using Ci.Forges;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>What comes after a channel commit and can always be derived again from it: registry tags, then the audit entry.</summary>
internal sealed class ChannelFollowUp(PromotionContext context)
{
    public Action<string>? AfterStep { get; init; }

    public async Task<ApplyOutcome> FinishAsync(
        DeploySnapshot snapshot, EnvironmentPolicy target, Release release, Sha256Digest id, string? source, string action, string? reason, bool already, CancellationToken ct)
    {
        var channel = await snapshot.ChannelAsync(target.Name, release.Name, ct);
        IReadOnlyList<string> tags = [];
        IReadOnlyList<string> notes = [];
        // Somebody moved on since (a rollback, a newer promotion): their tags stand.
        if (channel?.PromotionId == id)
            (tags, notes) = await new RegistryTags(context.Branches).EnsureAsync(release, target.Name, ct);
        else
            notes = [$"{target.Name} has moved on since: sequence {channel?.Sequence} is release {channel?.Release.Brief}"];
        AfterStep?.Invoke("tags");
        await this.AuditAsync(target, release, id, source, action, reason, ct);
        AfterStep?.Invoke("audit");
        return new ApplyOutcome
        {
            Environment = target.Name,
            Model = release.Name,
            Release = release.Id,
            Version = release.Version,
            PromotionId = id,
            Sequence = channel?.Sequence ?? 0,
            AlreadyApplied = already,
            Tags = tags,
            Notes = notes,
        };
    }

    private async Task AuditAsync(EnvironmentPolicy target, Release release, Sha256Digest id, string? source, string action, string? reason, CancellationToken ct)
    {
        var (pull, approvers) = await this.ApprovalAsync(target, source, ct);
        await context.Deploy.WriteAsync(
            async deploy =>
            {
                var log = await deploy.AuditAsync(ct);
                if (log.Entries.Any(entry => entry.PromotionId == id))
                    return null;
                // The commit knows when this was, and as which sequence, however late the entry is written.
                var (at, channel) = await deploy.WrittenAsync(id, target.Name, release.Name, ct) ?? (context.Time.GetUtcNow(), null);
                return Change(log, new AuditEntry
                {
                    At = at,
                    Actor = context.Actor,
                    Action = action,
                    Environment = target.Name,
                    Model = release.Name,
                    Release = release.Id,
                    Version = release.Version,
                    PromotionId = id,
                    Sequence = channel?.Sequence,
                    Approvers = approvers,
                    PullRequest = pull,
                    Source = source,
                    Reason = reason,
                });
            },
            ct);
    }

    public static DeployChange Change(AuditLog log, AuditEntry entry) => new(
        new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [AuditLog.Path] = log.With(entry) },
        $"Record that {entry.Actor} did {entry.Action} in {entry.Environment}\n");

    private async Task<(int? PullRequest, IReadOnlyList<string>? Approvers)> ApprovalAsync(EnvironmentPolicy target, string? source, CancellationToken ct)
    {
        if (source is null || context.Forge is not { } forge)
            return (null, null);
        try
        {
            var pull = (await forge.PullRequests.FindForCommitAsync(source, ct)).FirstOrDefault(candidate => candidate.BaseBranch == target.Branch);
            return pull is null || forge.Reviews is not { } reviews ? (pull?.Number, null) : (pull.Number, Approvers.Of(await reviews.ListAsync(pull.Number, ct), pull));
        }
        catch (ForgeException) when (target.Approvals == 0)
        {
            // Nobody had to approve: what is live is not left without its entry because a token may not read reviews.
            return (null, null);
        }
    }
}
