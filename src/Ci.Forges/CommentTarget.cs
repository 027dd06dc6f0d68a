namespace Ci.Forges;

/// <summary>What a comment hangs on: a pull request (GitLab: merge request) or a commit. A plain number means a pull request.</summary>
public sealed record CommentTarget
{
    private CommentTarget(int? number, string? commit) => (this.PullRequest, this.Commit) = (number, commit);

    /// <summary>The pull request's number; null for a commit.</summary>
    public int? PullRequest { get; }

    /// <summary>The full commit id; null for a pull request.</summary>
    public string? Commit { get; }

    public static CommentTarget OfPullRequest(int number) => number > 0
        ? new(number, null)
        : throw new ArgumentOutOfRangeException(nameof(number), number, "a pull request's number is 1 or more");

    public static CommentTarget OfCommit(string sha) => new(null, sha);

    public static implicit operator CommentTarget(int number) => OfPullRequest(number);

    public override string ToString() => this.PullRequest is { } number ? $"#{number}" : $"commit {this.Commit}";
}
