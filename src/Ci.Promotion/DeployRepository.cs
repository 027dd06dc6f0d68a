using Ci.Git;

namespace Ci.Promotion;

/// <summary>
/// The deploy repository: a typed view, and a writer that works by compare-and-swap. A writer decides from a snapshot, pushes one commit
/// on condition that the branch still is that snapshot, and decides again whenever somebody else was faster. No lock files.
/// </summary>
public sealed class DeployRepository : IDisposable
{
    public const string PromotionTrailer = "Promotion-Id";
    public const string ChannelTrailer = "Channel-Sha256";

    private const int Attempts = 12;

    private readonly GitRepository clone;
    private readonly string address;
    private readonly string branch;
    private readonly string folder;
    private readonly Random jitter;
    private readonly TimeProvider time;

    private DeployRepository(GitRepository clone, string address, string branch, string folder, Random jitter, TimeProvider time)
    {
        this.clone = clone;
        this.address = address;
        this.branch = branch;
        this.folder = folder;
        this.jitter = jitter;
        this.time = time;
    }

    /// <summary>Clones it into a folder of its own, removed by <see cref="Dispose"/>.</summary>
    /// <exception cref="GitException">It cannot be had.</exception>
    public static async Task<DeployRepository> OpenAsync(
        string address, TimeProvider time, Random jitter, GitOptions? options = null, CancellationToken ct = default)
    {
        var temporary = Directory.CreateTempSubdirectory("mlops-deploy-").FullName;
        try
        {
            var copy = await GitRepository.CloneAsync(address, Path.Combine(temporary, "repository.git"), options, bare: true, ct);
            var main = await copy.CurrentBranchAsync(ct) ?? throw new PromotionException($"the deploy repository {address} has no default branch");
            return new DeployRepository(copy, address, main, temporary, jitter, time);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>What the default branch holds now.</summary>
    public async Task<DeploySnapshot> ReadAsync(CancellationToken ct = default)
    {
        await clone.FetchAsync("origin", [$"+refs/heads/{branch}:refs/heads/{branch}"], ct);
        var commit = await clone.ResolveAsync($"refs/heads/{branch}", ct)
            ?? throw new PromotionException($"the deploy repository {address} has no commit on {branch}; push one made from the template deploy-repository");
        return new DeploySnapshot(clone, commit);
    }

    /// <summary>Writes what <paramref name="decide"/> wants, which is asked again with a new snapshot whenever somebody else was faster.</summary>
    /// <param name="decide">Null: nothing to write any more.</param>
    /// <param name="ct">Ends it between attempts.</param>
    /// <returns>The snapshot that holds the decision.</returns>
    /// <exception cref="PromotionContendedException">Others were faster too often.</exception>
    public async Task<DeploySnapshot> WriteAsync(Func<DeploySnapshot, Task<DeployChange?>> decide, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var snapshot = await this.ReadAsync(ct);
            if (await decide(snapshot) is not { } change)
                return snapshot;
            var tree = await clone.WriteTreeAsync(snapshot.Commit, change.Files, ct);
            if (tree == await clone.TreeOfAsync(snapshot.Commit, ct))
                return snapshot;
            var commit = await clone.CommitTreeAsync(tree, [snapshot.Commit], change.Message, ct);
            if (await clone.PushAsync("origin", [new RefUpdate($"refs/heads/{branch}", commit, snapshot.Commit)], ct) == PushOutcome.Accepted)
                return new DeploySnapshot(clone, commit);
            if (attempt == Attempts)
                throw new PromotionContendedException($"{Attempts} times somebody else wrote to the deploy repository first; run it again");
            // Full jitter: competing writers spread out instead of meeting again.
            var most = Math.Min(5000, 50 * Math.Pow(2, attempt));
            await Task.Delay(TimeSpan.FromMilliseconds(jitter.NextDouble() * most), time, ct);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
