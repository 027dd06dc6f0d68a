using Ci.Releases;

namespace Ci.Promotion;

/// <summary>
/// Goes back by going forward: a new channel commit with an older release, a higher sequence, and a hold. Freezes do not stop it;
/// signatures always do.
/// </summary>
public sealed class PromotionRollback(PromotionContext context)
{
    /// <summary>Rolls back to the release before, or to a version or id that was live in this environment.</summary>
    /// <exception cref="PromotionException">There is nothing to go back to.</exception>
    public async Task<ApplyOutcome> RollbackAsync(string environment, string model, string? to, string reason, CancellationToken ct = default)
    {
        var first = await context.Deploy.ReadAsync(ct);
        var target = (await first.PolicyAsync(ct)).Of(environment);
        Release? release = null;
        var id = default(Sha256Digest);
        var snapshot = await context.Deploy.WriteAsync(
            async deploy =>
            {
                var live = await deploy.ChannelAsync(environment, model, ct) ?? throw new PromotionException($"nothing of {model} is live in {environment}");
                var wanted = await WantedAsync(deploy, live, to, ct);
                release = (await deploy.VerifiedAsync(model, wanted, context.KeysFor(target), ct)).Release;
                id = PromotionId.Of(environment, model, wanted, $"rollback {live.Sequence + 1}");
                return ChannelWriting.Change(
                    live with { Release = wanted, Sequence = live.Sequence + 1, Previous = live.Release, PromotionId = id, Hold = true, HoldReason = reason },
                    $"Roll {model} in {environment} back to {release.Version}",
                    source: null);
            },
            ct);
        return await new ChannelFollowUp(context).FinishAsync(snapshot, target, release!, id, null, "rollback", reason, already: false, ct);
    }

    private static async Task<Sha256Digest> WantedAsync(DeploySnapshot deploy, Channel live, string? to, CancellationToken ct)
    {
        // Going back twice would bring back the release that was fled from the first time.
        if (to is null && live.Previous is { } fled && await deploy.PromotionAsync(live.PromotionId, ct) is { } commit && !commit.Trailers.ContainsKey(ChannelWriting.SourceTrailer))
            throw new PromotionException($"{live.Model} in {live.Environment} was rolled back already, from release {fled.Brief}; say with --to VERSION which one you want now (`mlops audit --environment {live.Environment}` lists them)");
        if (to is null)
            return live.Previous ?? throw new PromotionException($"release {live.Release.Brief} is the first one of {live.Model} in {live.Environment}: there is none before it");
        var were = (await deploy.AuditAsync(ct)).Entries
            .Where(entry => entry.Environment == live.Environment && entry.Model == live.Model && entry.Release is not null).ToList();
        var found = were.FindLast(entry => entry.Version == to.TrimStart('v') || (to.Length >= 8 && entry.Release!.Value.Hex.StartsWith(to, StringComparison.Ordinal)))
            ?? throw new PromotionException($"{to} was never live in {live.Environment}; there were {string.Join(", ", were.Select(entry => entry.Version).Distinct(StringComparer.Ordinal))}");
        return found.Release == live.Release ? throw new PromotionException($"{to} is live in {live.Environment} now") : found.Release!.Value;
    }
}
