namespace Ci.Forges;

/// <summary>Pull requests of the repository. Branch names are short ("main").</summary>
public interface IPullRequests
{
    /// <summary>Opens one, or returns the open one from <paramref name="head"/> to <paramref name="base"/> where it exists already (idempotent).</summary>
    Task<PullRequest> OpenAsync(string title, string body, string head, string @base, CancellationToken ct = default);

    /// <summary>All open ones, optionally only those from <paramref name="head"/> and into <paramref name="base"/>; oldest first.</summary>
    Task<IReadOnlyList<PullRequest>> FindOpenAsync(string? head = null, string? @base = null, CancellationToken ct = default);

    /// <summary>The pull request as it stands now.</summary>
    /// <exception cref="ForgeNotFoundException">No such pull request.</exception>
    Task<PullRequest> GetAsync(int number, CancellationToken ct = default);

    /// <summary>Changes title or body; null leaves it. Idempotent.</summary>
    Task<PullRequest> UpdateAsync(int number, string? title = null, string? body = null, CancellationToken ct = default);

    /// <summary>
    /// Merges it, provided that its head is <paramref name="expectedHead"/>, and returns it merged. Idempotent: where it was merged
    /// with that head before, that is the answer.
    /// </summary>
    /// <exception cref="ForgeConflictException">The head moved, or the branches conflict.</exception>
    /// <exception cref="ForgeRefusedException">A required check has not succeeded, or the token may not merge.</exception>
    Task<PullRequest> MergeAsync(int number, MergeMethod method, string expectedHead, CancellationToken ct = default);

    /// <summary>Closes it without merging. Idempotent.</summary>
    Task CloseAsync(int number, CancellationToken ct = default);

    /// <summary>The merged or open pull requests that brought a commit into the repository; empty where none did.</summary>
    Task<IReadOnlyList<PullRequest>> FindForCommitAsync(string sha, CancellationToken ct = default);
}
