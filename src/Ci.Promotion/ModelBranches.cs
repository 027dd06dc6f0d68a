using Ci.Git;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>The environments' branches of the model repository, as its remote has them.</summary>
public sealed class ModelBranches(GitRepository repository, string remote = "origin")
{
    private const int MaxHistory = 20_000;

    public GitRepository Repository { get; } = repository;

    public string Remote { get; } = remote;

    /// <summary>Brings branches and tags of the remote here.</summary>
    public Task FetchAsync(CancellationToken ct = default) =>
        Repository.FetchAsync(Remote, [$"+refs/heads/*:refs/remotes/{Remote}/*", "+refs/tags/*:refs/tags/*"], ct);

    /// <summary>The commit of a branch of the remote; null when there is no such branch.</summary>
    public Task<string?> HeadAsync(string branch, CancellationToken ct = default) => Repository.ResolveAsync($"refs/remotes/{Remote}/{branch}", ct);

    /// <summary>Whether two commits have the same tree.</summary>
    public async Task<bool> SameTreeAsync(string a, string b, CancellationToken ct = default) =>
        await Repository.TreeOfAsync(a, ct) == await Repository.TreeOfAsync(b, ct);

    /// <summary>The commit as a prepared one; null when it is none.</summary>
    public async Task<PreparedCommit?> PreparedAsync(string commit, CancellationToken ct = default) =>
        await Repository.LogAsync(commit, 1, ct) is [var found] ? PreparedCommit.Of(found) : null;

    /// <summary>
    /// The newest promotion of this model on an environment's branch: along the first parents, the merge whose second parent is a prepared
    /// commit (or the prepared commit itself, where the forge moved the branch forward without a merge).
    /// </summary>
    public async Task<MergedPromotion?> NewestMergeAsync(EnvironmentPolicy environment, string model, CancellationToken ct = default)
    {
        if (await this.HeadAsync(environment.Branch, ct) is not { } head)
            return null;
        var history = (await Repository.LogAsync(head, MaxHistory, ct)).ToDictionary(commit => commit.Id, StringComparer.Ordinal);
        for (var next = history.GetValueOrDefault(head); next is not null; next = next.Parents.Count > 0 ? history.GetValueOrDefault(next.Parents[0]) : null)
        {
            var second = next.Parents.Count > 1 ? history.GetValueOrDefault(next.Parents[1]) : null;
            var prepared = (second is null ? null : PreparedCommit.Of(second)) ?? PreparedCommit.Of(next);
            if (prepared is not null && prepared.Environment == environment.Name && prepared.Model == model)
                return new MergedPromotion(prepared, next.Id);
        }

        return null;
    }

    /// <summary>
    /// The commits of <paramref name="target"/> that the source lacks and that are not mere promotions, that is, whose tree differs from
    /// that of their last parent.
    /// </summary>
    public async Task<IReadOnlyList<GitCommit>> ForeignCommitsAsync(string source, string target, CancellationToken ct = default)
    {
        var foreign = new List<GitCommit>();
        foreach (var commit in await Repository.LogAsync($"{source}..{target}", MaxHistory, ct))
        {
            if (commit.Parents.Count == 0 || !await this.SameTreeAsync(commit.Id, commit.Parents[^1], ct))
                foreign.Add(commit);
        }

        return foreign;
    }

    /// <summary>The commit on the upstream branch that a promotion of this release starts from.</summary>
    /// <exception cref="PromotionException">The release is not on that branch.</exception>
    public async Task<string> SourceAsync(Release release, EnvironmentPolicy upstream, bool upstreamIsFirst, CancellationToken ct = default)
    {
        if (upstreamIsFirst)
        {
            var head = await this.HeadAsync(upstream.Branch, ct) ?? throw new PromotionException($"{Remote} has no branch {upstream.Branch}");
            if (await Repository.ResolveAsync(release.Provenance.Commit, ct) is not { } commit || !await Repository.IsAncestorAsync(commit, head, ct))
                throw new PromotionException($"release {release.Id.Brief} was made from {release.Provenance.Commit[..12]}, which is not on {Remote}/{upstream.Branch}");
            return commit;
        }

        var merged = await this.NewestMergeAsync(upstream, release.Name, ct);
        return merged?.Prepared.Release == release.Id
            ? merged.MergeCommit
            : throw new PromotionException($"the newest promotion merged into {upstream.Branch} is not of release {release.Id.Brief}");
    }

    /// <summary>Writes the prepared commit and pushes it to its branch (idempotent), making the target's branch where it is the first promotion.</summary>
    public async Task<PreparedCommit> PrepareAsync(EnvironmentPolicy environment, Release release, string source, CancellationToken ct = default)
    {
        var target = await this.HeadAsync(environment.Branch, ct) ?? await this.StartBranchAsync(environment.Branch, source, ct);
        var branch = PreparedCommit.BranchOf(environment.Name, release.Id);
        var existing = await this.HeadAsync(branch, ct);
        if (existing is not null && await this.PreparedAsync(existing, ct) is { } old && old.Source == source && old.Parents.Count > 0 && old.Parents[0] == target)
            return old;
        string[] parents = target == source ? [source] : [target, source];
        var commit = await Repository.CommitTreeAsync(await Repository.TreeOfAsync(source, ct), parents, PreparedCommit.Message(environment.Name, release, source), ct);
        if (await Repository.PushAsync(Remote, [new RefUpdate($"refs/heads/{branch}", commit, existing)], ct) != PushOutcome.Accepted)
            throw new PromotionContendedException($"somebody else moved {branch} at the same time; run it again");
        return (await this.PreparedAsync(commit, ct))!;
    }

    // The first promotion needs something to merge into: the oldest commit of the source, which holds nothing that main lacks.
    private async Task<string> StartBranchAsync(string branch, string source, CancellationToken ct)
    {
        var root = (await Repository.LogAsync(source, MaxHistory, ct)).Last(commit => commit.Parents.Count == 0).Id;
        if (await Repository.PushAsync(Remote, [new RefUpdate($"refs/heads/{branch}", root, null)], ct) != PushOutcome.Accepted)
            throw new PromotionContendedException($"somebody else made the branch {branch} at the same time; run it again");
        return root;
    }
}
