using Ci.Promotion.Rules;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>
/// The single writer of the deploy repository: blobs, then release documents, then the channel commit, then registry tags, then the audit
/// log. Before the channel commit nothing is visible; after it everything can be derived again. Every step first looks whether it was done,
/// so running it again after a crash at any point finishes the work.
/// </summary>
public sealed class PromotionApplication(PromotionContext context)
{
    private RuleOutcome? blobs;

    /// <summary>Called with a step's name after it; tests let it throw.</summary>
    internal Action<string>? AfterStep { get; init; }

    /// <summary>Puts a release into the first environment.</summary>
    /// <exception cref="ReleaseRefusedException">The folder is not as signed, or the store holds other bytes under its digests: nothing was published.</exception>
    /// <exception cref="PromotionRefusedException">A rule says no.</exception>
    public async Task<ApplyOutcome> ReleaseAsync(string environment, string folder, CancellationToken ct = default)
    {
        var target = await this.TargetAsync(environment, first: true, ct);
        var source = ReleaseFolder.Open(folder);
        var release = (await source.VerifyAsync(context.KeysFor(target), ct)).Release;
        await source.UploadAsync(release, context.Store, ct);
        // What lay there already may be damaged; what was just written may have gone wrong.
        if (await StoredBlobs.ProblemAsync(release, context.Store, ct) is { } problem)
            throw new ReleaseRefusedException(problem.Code, problem.Words);
        this.blobs = BlobsRule.Whole(release);
        AfterStep?.Invoke("blobs");
        await this.WriteDocumentsAsync(release, source, ct);
        AfterStep?.Invoke("documents");
        return await this.FinishAsync(target, release, release.Provenance.Commit, null, ct);
    }

    /// <summary>Applies the newest merged promotion of a later environment.</summary>
    /// <exception cref="PromotionException">Nothing was merged, or not as it was checked.</exception>
    /// <exception cref="PromotionRefusedException">A rule says no.</exception>
    public async Task<ApplyOutcome> MergedAsync(string environment, string model, CancellationToken ct = default)
    {
        var target = await this.TargetAsync(environment, first: false, ct);
        await context.Branches.FetchAsync(ct);
        var merged = await context.Branches.NewestMergeAsync(target, model, ct)
            ?? throw new PromotionException(
                $"no promotion of {model} was merged into {target.Branch}; open one with `mlops promote open --to {environment}` and merge it with a merge commit (a squash loses it)");
        var deploy = await context.Deploy.ReadAsync(ct);
        var release = (await deploy.VerifiedAsync(model, merged.Prepared.Release, context.KeysFor(target), ct)).Release;
        if (await context.Branches.Repository.ResolveAsync(release.Provenance.Commit, ct) is not { } commit
            || !await context.Branches.SameTreeAsync(merged.MergeCommit, commit, ct))
            throw new PromotionRefusedException(
                $"the merge {merged.MergeCommit[..12]} on {target.Branch} does not have the tree that release {release.Id.Brief} was made from: something was added to the promotion; "
                + $"run `mlops promote open --to {environment}` again and merge that");
        var before = await context.Branches.Repository.ResolveAsync($"{merged.MergeCommit}^1", ct);
        return await this.FinishAsync(target, release, merged.MergeCommit, before, ct);
    }

    /// <summary>The channel, tags and audit entry of a promotion whose blobs and documents are there.</summary>
    private async Task<ApplyOutcome> FinishAsync(EnvironmentPolicy target, Release release, string source, string? before, CancellationToken ct)
    {
        var id = PromotionId.Of(target.Name, release.Name, release.Id, source);
        var written = false;
        var snapshot = await context.Deploy.WriteAsync(
            async deploy =>
            {
                written = false;
                if (await deploy.PromotionAsync(id, ct) is not null)
                    return null;
                await this.AskAsync(deploy, target, release, before, ct);
                var live = await deploy.ChannelAsync(target.Name, release.Name, ct);
                written = true;
                return ChannelWriting.Change(
                    new Channel
                    {
                        Environment = target.Name,
                        Model = release.Name,
                        Release = release.Id,
                        Sequence = (live?.Sequence ?? 0) + 1,
                        Previous = live?.Release,
                        PromotionId = id,
                        Pins = live?.Pins ?? new Dictionary<string, Sha256Digest>(StringComparer.Ordinal),
                    },
                    $"Promote {release.Name} {release.Version} to {target.Name}",
                    source);
            },
            ct);
        AfterStep?.Invoke("channel");
        return await new ChannelFollowUp(context) { AfterStep = AfterStep }.FinishAsync(snapshot, target, release, id, source, "promote", null, !written, ct);
    }

    private async Task AskAsync(DeploySnapshot deploy, EnvironmentPolicy target, Release release, string? before, CancellationToken ct)
    {
        var facts = await PromotionCheck.FactsAsync(context, deploy, await deploy.PolicyAsync(ct), target, release.Name, release.Id, ct) with { TargetBefore = before, Blobs = this.blobs };
        var outcomes = await RuleBook.AskAsync(RuleBook.Apply, facts, ct);
        this.blobs = outcomes.FirstOrDefault(outcome => outcome.Rule == BlobsRule.RuleName);
        var refusals = outcomes.Where(rule => !rule.Passed).ToList();
        if (refusals.Count > 0)
        {
            throw new PromotionRefusedException(
                $"{release.Name} {release.Version} may not go to {target.Name}: {string.Join("; ", refusals.Select(rule => $"{rule.Rule}: {rule.Words}"))}");
        }
    }

    private Task<DeploySnapshot> WriteDocumentsAsync(Release release, ReleaseFolder source, CancellationToken ct) => context.Deploy.WriteAsync(
        async deploy =>
        {
            // Signatures differ from run to run; the first one that was written stays.
            if (await deploy.ReleaseAsync(release.Name, release.Id, ct) is not null)
                return null;
            return new DeployChange(
                new Dictionary<string, byte[]?>(StringComparer.Ordinal)
                {
                    [DeploySnapshot.ReleasePath(release.Name, release.Id)] = source.Document,
                    [DeploySnapshot.BundlePath(release.Name, release.Id)] = source.Bundle,
                },
                $"Add release {release.Name} {release.Version} ({release.Id.Brief})\n");
        },
        ct);

    private async Task<EnvironmentPolicy> TargetAsync(string environment, bool first, CancellationToken ct)
    {
        var policy = await (await context.Deploy.ReadAsync(ct)).PolicyAsync(ct);
        var target = policy.Of(environment);
        return (policy.Upstream(environment) is null, first) switch
        {
            (true, false) => throw new PromotionException($"{environment} is the first environment: say which release with --release DIR"),
            (false, true) => throw new PromotionException($"only {policy.Environments[0].Name}, the first environment, takes a release from a folder; {environment} takes what was merged"),
            _ => target,
        };
    }
}
