using Ci.Forges;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>Opens the pull request that promotes what is live upstream. One open promotion a model and environment.</summary>
public sealed class PromotionOpening(PromotionContext context)
{
    /// <summary>Idempotent: the same release gives the same branch and pull request.</summary>
    /// <exception cref="PromotionException">Nothing is live upstream, it is live here already, or it does not verify.</exception>
    public async Task<OpenedPromotion> OpenAsync(string environment, string model, CancellationToken ct = default)
    {
        var forge = context.NeedForge();
        var deploy = await context.Deploy.ReadAsync(ct);
        var policy = await deploy.PolicyAsync(ct);
        var target = policy.Of(environment);
        var upstream = policy.Upstream(environment)
            ?? throw new PromotionException($"{environment} is the first environment; `mlops promote apply --environment {environment} --release DIR` puts a release there");
        var wanted = await deploy.ChannelAsync(upstream.Name, model, ct) ?? throw new PromotionException($"nothing of {model} is live in {upstream.Name} yet; bring a release there first (`mlops promote status` shows what runs where)");
        var live = await deploy.ChannelAsync(environment, model, ct);
        if (live?.Release == wanted.Release)
            throw new PromotionException($"release {wanted.Release.Brief} of {model} is live in {environment} already, as it is in {upstream.Name}: there is nothing to promote");
        var release = (await deploy.VerifiedAsync(model, wanted.Release, context.KeysFor(target), ct)).Release;

        await context.Branches.FetchAsync(ct);
        var source = await context.Branches.SourceAsync(release, upstream, policy.Upstream(upstream.Name) is null, ct);
        var prepared = await context.Branches.PrepareAsync(target, release, source, ct);
        var branch = PreparedCommit.BranchOf(environment, release.Id);
        var pull = await forge.PullRequests.OpenAsync(
            $"Promote {model} {release.Version} to {environment}", Body(release, upstream, target, live), branch, target.Branch, ct);
        var superseded = await this.SupersedeAsync(forge, target, model, pull, ct);
        return new OpenedPromotion(pull.Number, pull.Url, branch, prepared.Commit, release.Id, release.Version, superseded);
    }

    private async Task<IReadOnlyList<int>> SupersedeAsync(IForge forge, EnvironmentPolicy target, string model, PullRequest pull, CancellationToken ct)
    {
        var closed = new List<int>();
        foreach (var old in await forge.PullRequests.FindOpenAsync(@base: target.Branch, ct: ct))
        {
            if (old.Number == pull.Number || old.IsFork || !old.HeadBranch.StartsWith($"promote/{target.Name}/", StringComparison.Ordinal)
                || await context.Branches.HeadAsync(old.HeadBranch, ct) is not { } head
                || await context.Branches.PreparedAsync(head, ct) is not { } other || other.Model != model)
                continue;
            // By its address: "#12" is a pull request on one forge and an issue on another.
            await forge.Comments.CreateAsync(old.Number, $"Superseded by {pull.Url}: one promotion of {model} to {target.Name} is open at a time.", ct);
            await forge.PullRequests.CloseAsync(old.Number, ct);
            closed.Add(old.Number);
        }

        return closed;
    }

    private static string Body(Release release, EnvironmentPolicy upstream, EnvironmentPolicy target, Channel? live) =>
        $"""
        Promotes **{release.Name} {release.Version}** from {upstream.Name} to **{target.Name}**{(live is null ? ", where nothing is live yet" : "")}.

        | | |
        | --- | --- |
        | release | `{release.Id}` |
        | live in {target.Name} now | {(live is null ? "nothing" : $"`{live.Release}` (sequence {live.Sequence})")} |
        | made from | {release.Provenance.Commit}{(release.Provenance.Dirty ? " with uncommitted changes" : "")} |
        | model file | {release.Model.Bytes} bytes, SHA-256 `{release.Model.Sha256}` |

        Merge it with a merge commit. The tree is that of {upstream.Branch}; nothing is built or trained again.
        """;
}
