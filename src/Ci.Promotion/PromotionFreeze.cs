namespace Ci.Promotion;

/// <summary>Stops an environment, or lets it go on.</summary>
public sealed class PromotionFreeze(PromotionContext context)
{
    /// <summary>Freezes an environment (one model, or all of them) until a time, or until it is lifted.</summary>
    public async Task FreezeAsync(string environment, string? model, DateTimeOffset? until, string reason, CancellationToken ct = default)
    {
        var now = context.Time.GetUtcNow();
        if (until <= now)
            throw new PromotionException($"a freeze until {until:yyyy-MM-dd HH:mm} would be over already");
        var freeze = new Freeze { Environment = environment, Model = model, From = now, Until = until, Reason = reason, By = context.Actor };
        await this.WriteAsync(environment, model, reason, "freeze", freezes => [.. freezes, freeze], liftHold: false, ct);
    }

    /// <summary>Lifts an environment's freezes (one model's, or all) and the hold of its channels.</summary>
    public Task LiftAsync(string environment, string? model, string reason, CancellationToken ct = default) => this.WriteAsync(
        environment, model, reason, "lift",
        freezes => [.. freezes.Where(freeze => freeze.Environment != environment || (model is not null && freeze.Model is not null && freeze.Model != model))],
        liftHold: true, ct);

    private Task WriteAsync(
        string environment, string? model, string reason, string action, Func<IReadOnlyList<Freeze>, IReadOnlyList<Freeze>> change, bool liftHold, CancellationToken ct) =>
        context.Deploy.WriteAsync(
            async deploy =>
            {
                (await deploy.PolicyAsync(ct)).Of(environment);
                var entry = new AuditEntry { At = context.Time.GetUtcNow(), Actor = context.Actor, Action = action, Environment = environment, Model = model, Reason = reason };
                var files = new Dictionary<string, byte[]?>(ChannelFollowUp.Change(await deploy.AuditAsync(ct), entry).Files, StringComparer.Ordinal)
                {
                    [PolicyFiles.FreezesPath] = PolicyFiles.WriteFreezes(change(await deploy.FreezesAsync(ct))),
                };
                var trailers = "";
                foreach (var channel in liftHold ? await deploy.ChannelsAsync(ct) : [])
                {
                    if (!channel.Hold || channel.Environment != environment || (model is not null && channel.Model != model))
                        continue;
                    var lifted = ChannelWriting.Change(channel with { Hold = false, HoldReason = null, Sequence = channel.Sequence + 1 }, "", null);
                    foreach (var (path, bytes) in lifted.Files)
                    {
                        files[path] = bytes;
                        trailers += $"{DeployRepository.ChannelTrailer}: {Releases.Sha256Digest.Of(bytes)}\n";
                    }
                }

                var verb = action == "freeze" ? "Freeze" : "Lift the freeze of";
                return new DeployChange(files, $"{verb} {environment}\n\nBy {context.Actor}.\n{(trailers.Length > 0 ? "\n" + trailers : "")}");
            },
            ct);
}
