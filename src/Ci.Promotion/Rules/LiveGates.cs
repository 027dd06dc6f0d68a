using Ci.Releases;

namespace Ci.Promotion.Rules;

/// <summary>Puts the question to <see cref="IReleaseComparison"/>: which live release, and which gates. Never the proposal's own gates.</summary>
internal static class LiveGates
{
    private const string FileName = "gates.yaml";
    private const int MaxBytes = 1 << 20;

    public static async Task<LiveComparison> CompareAsync(CheckFacts facts, VerifiedRelease candidate, Channel channel, CancellationToken ct)
    {
        VerifiedRelease live;
        try
        {
            // Every trusted key will do: what is live may be signed by one that the environment no longer takes for new releases.
            live = await facts.Deploy.VerifiedAsync(facts.Model, channel.Release, facts.Context.Keys, ct);
        }
        catch (Exception error) when (error is ReleaseRefusedException or PromotionException)
        {
            return LiveComparison.None(
                $"the release that is live in {facts.Target.Name}, {channel.Release.Brief}, does not verify ({error.Message}); keep its public key in MLOPS_TRUSTED_KEYS until it is replaced");
        }

        if (await GatesAsync(facts, ct) is not (var gates, var where))
            return LiveComparison.None($"neither {facts.Target.Branch} nor {facts.MainBranch} has {facts.Context.ProjectFolder}{FileName}, so there is nothing to judge by; commit one to {facts.MainBranch}");
        return gates.Length > MaxBytes
            ? LiveComparison.None($"{where} has {gates.Length} bytes; at most {MaxBytes} are read")
            : await facts.Context.Comparison!.CompareAsync(new ComparisonQuestion(candidate, live, gates, where, facts.Context.Store), ct);
    }

    private static async Task<(byte[] Bytes, string Where)?> GatesAsync(CheckFacts facts, CancellationToken ct)
    {
        var path = facts.Context.ProjectFolder + FileName;
        var main = await facts.Context.Branches.HeadAsync(facts.MainBranch, ct);
        foreach (var (commit, branch) in new[] { (facts.TargetBefore, facts.Target.Branch), (main, facts.MainBranch) })
        {
            if (commit is not null && await facts.Context.Branches.Repository.ReadFileAsync(commit, path, ct) is { } bytes)
                return (bytes, $"{path} on {branch}");
        }

        return null;
    }
}
