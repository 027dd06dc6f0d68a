namespace Ci.Forges;

/// <summary>Comments on pull requests and commits.</summary>
public interface IComments
{
    /// <summary>The longest body that the forge takes, in characters (UTF-16 code units; we count UTF-8 bytes too and stay below both).</summary>
    int BodyLimit { get; }

    /// <summary>Whether issues carry comments under the same numbers as pull requests.</summary>
    bool IncludesIssues => false;

    /// <summary>All comments, every page, oldest first.</summary>
    /// <exception cref="ForgeNotFoundException">No such pull request or commit.</exception>
    Task<IReadOnlyList<Comment>> ListAsync(CommentTarget target, CancellationToken ct = default);

    /// <summary>
    /// Creates one comment. Not idempotent, hence never retried once the request may have arrived: a lost answer is thrown as
    /// <see cref="ForgeUnavailableException"/>, and the caller looks again (as the sticky comment does).
    /// </summary>
    Task<Comment> CreateAsync(CommentTarget target, string body, CancellationToken ct = default);

    /// <summary>Replaces the body. Idempotent, retried.</summary>
    Task<Comment> UpdateAsync(Comment comment, string body, CancellationToken ct = default);

    /// <summary>Deletes it. Idempotent: an absent comment is fine.</summary>
    Task DeleteAsync(Comment comment, CancellationToken ct = default);

    /// <summary>The login as which our comments appear.</summary>
    Task<string> SelfAsync(CancellationToken ct = default);
}
