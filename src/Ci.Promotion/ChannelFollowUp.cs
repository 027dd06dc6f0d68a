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
        var approvers = await this.ApproversAsync(target, source, ct);
        await context.Deploy.WriteAsync(
            async deploy =>
            {
                var log = await deploy.AuditAsync(ct);
                if (log.Entries.Any(entry => entry.PromotionId == id))
                    return null;
                var channel = await deploy.ChannelAsync(target.Name, release.Name, ct);
                return Change(log, new AuditEntry
                {
                    At = context.Time.GetUtcNow(),
                    Actor = context.Actor,
                    Action = action,
                    Environment = target.Name,
                    Model = release.Name,
                    Release = release.Id,
                    Version = release.Version,
                    PromotionId = id,
                    Sequence = channel?.PromotionId == id ? channel.Sequence : null,
                    Approvers = approvers,
                    Source = source,
                    Reason = reason,
                });
            },
            ct);
    }

    public static DeployChange Change(AuditLog log, AuditEntry entry) => new(
        new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [AuditLog.Path] = log.With(entry) },
        $"Record that {entry.Actor} did {entry.Action} in {entry.Environment}\n");

    private async Task<IReadOnlyList<string>?> ApproversAsync(EnvironmentPolicy target, string? source, CancellationToken ct)
    {
        if (target.Approvals == 0 || source is null || context.Forge is not { Reviews: { } reviews } forge)
            return null;
        var pull = (await forge.PullRequests.FindForCommitAsync(source, ct)).FirstOrDefault(candidate => candidate.BaseBranch == target.Branch);
        return pull is null
            ? null
            : [.. (await reviews.ListAsync(pull.Number, ct)).Where(review => review.State == Forges.ReviewState.Approved && review.CommitSha == pull.HeadSha)
                .Select(review => review.Author).Order(StringComparer.Ordinal)];
    }
}
