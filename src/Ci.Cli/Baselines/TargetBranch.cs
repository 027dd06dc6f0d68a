using Ci.Git;
using Ci.Jobs;

namespace Ci.Cli.Baselines;

/// <summary>The commit that a pull request grew from, and the branch that it goes to.</summary>
/// <param name="Commit">The full id.</param>
/// <param name="Name">What sentences call it: "merge base", "parent".</param>
/// <param name="Date">When it was committed.</param>
/// <param name="Tip">The branch's own newest commit that is known here.</param>
internal sealed record TargetBranch(string Commit, string Name, DateTimeOffset Date, string Tip)
{
    private static readonly string[] Usual = ["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"];

    // Beyond it nobody wants the exact number.
    private const int MostCommits = 1_000;

    /// <summary>Finds it from the job's pull request, else from the usual branches.</summary>
    /// <returns>Null, with the reason, where there is none.</returns>
    public static async Task<(TargetBranch? Found, string? Why)> FindAsync(GitRepository git, IJob job, CancellationToken ct)
    {
        if (await git.ResolveAsync("HEAD", ct) is not { } head)
            return (null, "the repository has no commit yet");
        string[] names = job.PullRequest?.BaseRef is { } target ? [$"refs/remotes/origin/{target}", $"refs/heads/{target}"] : Usual;
        string? tip = null;
        foreach (var name in names)
            tip ??= await git.ResolveAsync(name, ct);
        if (tip is null)
            return (null, $"the branch {(job.PullRequest?.BaseRef is { } missing ? missing : "main")} is not in this clone: check out with `fetch-depth: 0`");
        if (await git.MergeBaseAsync(head, tip, ct) is not { } common)
            return (null, "this clone holds no commit that both branches share: check out with `fetch-depth: 0`");
        var before = common == head && (job.Vendor is not null || !await git.IsDirtyAsync(ct)) ? await git.ResolveAsync($"{head}~1", ct) : common;
        if (before is null)
            return (null, "this is the repository's first commit (or the clone is shallow: check out with `fetch-depth: 0`)");
        var commit = (await git.LogAsync(before, 1, ct))[0];
        return (new TargetBranch(before, before == common ? "merge base" : "parent", commit.CommitterDate, tip), null);
    }

    /// <summary>How many commits the branch is ahead of one; null where that commit is not in this clone.</summary>
    public static async Task<int?> BehindAsync(GitRepository git, string commit, string tip, CancellationToken ct)
    {
        if (await git.ResolveAsync(commit, ct) is null)
            return null;
        return (await git.LogAsync($"{commit}..{tip}", MostCommits, ct)).Count;
    }
}
